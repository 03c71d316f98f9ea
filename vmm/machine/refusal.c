/* SPDX-License-Identifier: BSD-3-Clause */
/* The options that a refusal is about: see refusal.h. */
#include "vmm/machine/refusal.h"

static const char *const options[] = {
	[REFUSAL_CMDLINE] = "--cmdline", [REFUSAL_DTB] = "--dtb",        [REFUSAL_RAM] = "--memory",
	[REFUSAL_CPUS] = "--cpus",       [REFUSAL_NESTING] = "--nested", [REFUSAL_PMU] = "--pmu",
};

int refusal_name_option(enum refusal refusal, const char *proto, struct err *e)
{
	if (refusal == REFUSAL_NONE)
		return -1;
	if (refusal == REFUSAL_PROTO)
		return err_context(e, "--boot %s", proto);
	return err_context(e, "%s", options[refusal]);
}
