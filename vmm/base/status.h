/* SPDX-License-Identifier: BSD-3-Clause */
/* The exit status. The table is the user's contract: see README.md "Exit status". */
#ifndef VMM_BASE_STATUS_H
#define VMM_BASE_STATUS_H

enum {
	STATUS_OK = 0,
	STATUS_GUEST_MAX = 99, /* the largest that the guest can choose */
	STATUS_PANIC = 101,
	STATUS_CRASH = 102,
	STATUS_MISSING = 103, /* it ended, and an --expect pattern was never seen */
	STATUS_FAILED = 104,  /* a --fail-on pattern; asked for, a report or a failed test */
	STATUS_SILENT = 105,  /* it reset itself, and never printed */
	STATUS_TIMEOUT = 124,
	STATUS_OWN = 125, /* minivmm's own: usage, a bad file, the host, KVM */
	STATUS_SIGNAL = 128,
};

#endif
