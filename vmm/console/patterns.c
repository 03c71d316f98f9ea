/* SPDX-License-Identifier: BSD-3-Clause */
/* The user's patterns: see patterns.h. */
#include "vmm/console/patterns.h"

int patterns_compile(const struct console_config *cfg, struct watch *w, struct err *e)
{
	w->expect.ordered = cfg->expect_ordered;
	for (unsigned i = 0; i < cfg->expect.n; i++)
		if (expect_add(&w->expect, cfg->expect.at[i], e))
			return err_context(e, "--expect");
	for (unsigned i = 0; i < cfg->fail_on.n; i++)
		if (expect_add_fail_on(&w->expect, cfg->fail_on.at[i], e))
			return err_context(e, "--fail-on");
	for (unsigned i = 0; i < cfg->ignore_warning.n; i++)
		if (patterns_add(&w->known, cfg->ignore_warning.at[i], false, e))
			return err_context(e, "--ignore-warning");
	return 0;
}

void patterns_free(struct watch *w)
{
	expect_fini(&w->expect);
	patterns_fini(&w->known);
}
