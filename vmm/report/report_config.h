/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the reports go. Paths are borrowed; NULL: none is wanted. */
#ifndef VMM_REPORT_REPORT_CONFIG_H
#define VMM_REPORT_REPORT_CONFIG_H

struct report_config {
	const char *json, *junit;
};

#endif
