/* SPDX-License-Identifier: BSD-3-Clause */
/* How a run came out, as a sentence, a status and a cause. */
#include "suite.h"
#include "vmm/run/result.h"

#include <check.h>
#include <string.h>

static const struct {
	enum stop_kind kind;
	uint64_t value;
	const char *detail;
	int status;
	uint64_t cause;
	const char *reason;
} results[] = {
	{STOP_POWER_OFF, 0, "", 0, 0, "the guest powered off"},
	{STOP_RESET, 0, "", 0, 0, "the guest rebooted"},
	{STOP_EXIT, 3, "", 3, 0, "the guest ended with status 3"},
	{STOP_EXIT, 0, "", 0, 0, "the guest ended with status 0"},
	{STOP_EXIT, 500, "so said init", 99, 0, "the guest ended with status 99: so said init"},
	{STOP_EXPECTED, 0, "", 0, 0, "every --expect was seen"},
	{STOP_USER, 0, "", 0, 0, "ended by Ctrl-a x"},
	{STOP_HALT, 0, "", 0, 0, "its text"},
	{STOP_PANIC, 4, "", 101, 4, "its text"},
	{STOP_PANIC, 4, "Oops", 101, 4, "its text: Oops"},
	{STOP_CRASH, CRASH_NOT_EMULATED, "", 102, CRASH_NOT_EMULATED, "its text"},
	{STOP_SILENT, 0, "", 105, 0, "its text"},
	{STOP_HOST, 9, "", 125, 0, "its text"},
	{STOP_SIGNAL, 15, "", 143, 0, "its text"}, /* a signal's number is no cause */
	{STOP_READER, 0, "", 141, 0, "its text"},
	{STOP_MISSING, 0, "", 103, 0, "its text"},
	{STOP_FAILED, 0, "", 104, 0, "its text"},
	{STOP_TIMEOUT, 0, "", 124, 0, "its text"},
};

START_TEST(a_run_ends)
{
	struct stop stop = {
		.kind = results[_i].kind, .value = results[_i].value, .text = "its text"};
	struct result r;

	memset(&r, 0xa5, sizeof(r));
	result_set(&r, &stop, results[_i].detail);
	ck_assert_int_eq(r.kind, results[_i].kind);
	ck_assert_uint_eq(r.cause, results[_i].cause);
	ck_assert_int_eq(r.status, results[_i].status);
	ck_assert_str_eq(r.reason, results[_i].reason);
}
END_TEST

/* The longest of both, and what the end of a sentence that is cut is. */
START_TEST(a_long_reason_is_cut)
{
	struct stop stop = {.kind = STOP_PANIC};
	char detail[RESULT_REASON_BYTES];
	struct result r;

	memset(stop.text, 'x', sizeof(stop.text) - 1);
	memset(detail, 'y', sizeof(detail) - 1);
	detail[sizeof(detail) - 1] = '\0';
	result_set(&r, &stop, detail);
	ck_assert_uint_eq(strlen(r.reason), RESULT_REASON_BYTES - 1);
	ck_assert_uint_eq(strspn(r.reason, "x"), STOP_TEXT_BYTES - 1);
	ck_assert_int_eq(strncmp(r.reason + STOP_TEXT_BYTES - 1, ": yyy", 5), 0);
}
END_TEST

START_TEST(minivmm_fails)
{
	struct result r = {.kind = STOP_POWER_OFF};
	struct err e;

	err_set(&e, "no such file");
	result_fail(&r, &e);
	ck_assert_int_eq(r.kind, STOP_HOST);
	ck_assert_int_eq(r.status, 125);
	ck_assert_str_eq(r.reason, "no such file");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("result");
	TCase *t = tcase_create("result");

	tcase_add_loop_test(t, a_run_ends, 0, COUNT(results));
	tcase_add_test(t, a_long_reason_is_cut);
	tcase_add_test(t, minivmm_fails);
	suite_add_tcase(s, t);
	return run_suite(s);
}
