/* SPDX-License-Identifier: BSD-3-Clause */
/* The exit statuses, as README.md promises them under "Exit status". */
#ifndef VMM_BASE_STATUS_H
#define VMM_BASE_STATUS_H

enum {
	STATUS_OK = 0,
	STATUS_GUEST_MAX = 99, /* the largest status that the guest can choose */
	STATUS_PANIC = 101,
	STATUS_CRASH = 102,
	STATUS_MISSING = 103, /* it ended, and an --expect pattern was never seen */
	STATUS_FAILED = 104,  /* a --fail-on pattern, a kernel event or a failed test */
	STATUS_SILENT = 105,  /* it reset itself without having printed */
	STATUS_TIMEOUT = 124,
	STATUS_OWN = 125, /* minivmm failed: usage, a bad file, the host, KVM */
	STATUS_SIGNAL = 128,
};

#endif
