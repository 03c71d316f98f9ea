/* SPDX-License-Identifier: BSD-3-Clause */
/* What kind of machine the user asks for. */
#ifndef VMM_MACHINE_MACHINE_CONFIG_H
#define VMM_MACHINE_MACHINE_CONFIG_H

#include "arch/board.h"

struct machine_config {
	unsigned cpus;
	uint64_t memory_bytes;
	bool overcommit;  /* memory_bytes may be more than the host's RAM and swap */
	bool nested, pmu; /* the guest may run guests of its own; it has performance counters */
	enum boot_proto boot;
};

/* The CPUs in the form that arch/ takes. */
struct guest_cpus machine_cpus(const struct machine_config *cfg);

/* The value of --boot that selects @proto. */
const char *machine_boot_name(enum boot_proto proto);

#endif
