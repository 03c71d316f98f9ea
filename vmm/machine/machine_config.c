/* SPDX-License-Identifier: BSD-3-Clause */
/* Translates the machine's configuration: see machine_config.h. */
#include "vmm/machine/machine_config.h"

struct guest_cpus machine_cpus(const struct machine_config *cfg)
{
	return (struct guest_cpus){.n = cfg->cpus, .nested = cfg->nested, .pmu = cfg->pmu};
}

const char *machine_boot_name(enum boot_proto proto)
{
	static const char *const names[] = {
		[BOOT_AUTO] = "auto", [BOOT_LINUX64] = "linux64", [BOOT_PVH] = "pvh"};

	return names[proto];
}
