/* SPDX-License-Identifier: BSD-3-Clause */
/* Each refusal names the option that asked for what was refused. */
#include "vmm/machine/refusal.h"

#include "suite.h"

static const struct {
	enum refusal refusal;
	const char *text;
} named[] = {
	{REFUSAL_NONE, "the fact"},
	{REFUSAL_PROTO, "--boot pvh: the fact"},
	{REFUSAL_CMDLINE, "--cmdline: the fact"},
	{REFUSAL_DTB, "--dtb: the fact"},
	{REFUSAL_RAM, "--memory: the fact"},
	{REFUSAL_CPUS, "--cpus: the fact"},
	{REFUSAL_NESTING, "--nested: the fact"},
	{REFUSAL_PMU, "--pmu: the fact"},
};

START_TEST(the_option_comes_first)
{
	struct err e;

	err_set(&e, "the fact");
	ck_assert_int_eq(refusal_name_option(named[_i].refusal, "pvh", &e), -1);
	ck_assert_str_eq(e.text, named[_i].text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("refusal");
	TCase *tc = tcase_create("refusal");
	tcase_add_loop_test(tc, the_option_comes_first, 0, COUNT(named));
	suite_add_tcase(s, tc);
	return run_suite(s);
}
