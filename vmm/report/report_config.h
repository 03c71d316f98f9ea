/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of the reports. Paths are borrowed; NULL: no such report is requested. */
#ifndef VMM_REPORT_REPORT_CONFIG_H
#define VMM_REPORT_REPORT_CONFIG_H

struct report_config {
	const char *json, *junit;
};

#endif
