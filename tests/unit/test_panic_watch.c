/* SPDX-License-Identifier: BSD-3-Clause */
/* Finding a kernel panic in the console's bytes, and nothing that only looks like one. */
#include "suite.h"
#include "vmm/watch/panic.h"

#include <check.h>
#include <stddef.h>
#include <string.h>

#define PANIC    "Kernel panic - not syncing"
#define END_MARK "---[ end Kernel panic"
/* 40 bytes */
#define FORTY "0123456789012345678901234567890123456789"

static const struct {
	const char *console;
	unsigned begins, ends; /* how often each is found */
} consoles[] = {
	{"", 0, 0},
	{PANIC, 1, 0},
	{PANIC ": Attempted to kill init! exitcode=0x00000000\r\n", 1, 0},
	{END_MARK, 0, 1},
	{END_MARK " - not syncing: sysrq triggered crash ]---\r\n", 0, 1},
	{PANIC ": x\r\n[    1.0] CPU: 0\r\n[    1.1] " END_MARK " - not syncing: x ]---\r\n", 1, 1},
	/* after a log level, time stamps, a caller */
	{"\n" PANIC, 1, 0},
	{"\r" PANIC, 1, 0},
	{"Linux version 6.1\r\n" PANIC, 1, 0},
	{"[    1.234567] " PANIC, 1, 0},
	{"[12345.678901] " PANIC, 1, 0},
	{"[123456789.012345] " PANIC, 1, 0},
	{"<0>[    1.234567] " PANIC, 1, 0},
	{"<0>" PANIC, 1, 0},
	{"[    1.234567][    T1] " PANIC, 1, 0},
	{"[    1.234567][    C3] " PANIC, 1, 0},
	{"[    1.234567] [    T1] " PANIC, 1, 0},
	{"<0>[    1.234567][    T1] " END_MARK, 0, 1},
	{"[    1.234567][ T1234] " PANIC, 1, 0},
	{"[    1.234567][T12345] " PANIC, 1, 0}, /* kernel/printk: "[%6s]": no space is left */
	{"[    1.234567][C12345] " PANIC, 1, 0},
	{"[ 1] [ 2] [ 3] " PANIC, 1, 0},
	/* again, on a line of its own */
	{PANIC "\n" PANIC "\n", 2, 0},
	{PANIC " " PANIC "\n", 1, 0},
	{PANIC ": dynamic magic\n" END_MARK " - not syncing: dynamic magic ]---\n", 1, 1},
	/* false friends: in mid-line, cut, in other letters */
	{"x" PANIC, 0, 0},
	{" " PANIC, 0, 0},
	{"\"" PANIC "\"", 0, 0},
	{"# echo " PANIC, 0, 0},
	{"[    1.2] init: " PANIC, 0, 0},
	{"[    1.2] systemd[1]: " PANIC, 0, 0},
	{"[    1.2]  " PANIC, 0, 0},
	{"[x] " PANIC, 0, 0},
	{"[  OK  ] " PANIC, 0, 0},
	{"[ T] " PANIC, 0, 0},
	{"[    1.2 " PANIC, 0, 0},
	{"[] " PANIC, 0, 0},
	{"<0>x" PANIC, 0, 0},
	{"<8>" PANIC, 0, 0},
	{"<>" PANIC, 0, 0},
	{"<0" PANIC, 0, 0},
	{"Kernel panic", 0, 0},
	{"Kernel panic - not syncin\ng", 0, 0},
	{"Kernel panic - not\nsyncing", 0, 0},
	{"kernel panic - not syncing", 0, 0},
	{"KERNEL PANIC - NOT SYNCING", 0, 0},
	{"Kernel panic  - not syncing", 0, 0},
	{"---[ end Kernel pani\nc", 0, 0},
	{"---[ end trace 0000000000000000 ]---", 0, 0},
	{"Command line: panic=-1 pvpanic \n", 0, 0},
	/* a long line: only its beginning is looked at, and the next line is one again */
	{FORTY FORTY FORTY PANIC "\n", 0, 0},
	{FORTY FORTY FORTY "\n" PANIC "\n", 1, 0},
	{FORTY FORTY FORTY "\r" PANIC "\n", 1, 0},
	{PANIC FORTY FORTY FORTY PANIC "\n" END_MARK, 1, 1},
	{"[" FORTY "] " PANIC, 1, 0},
	{"[" FORTY FORTY FORTY FORTY "] " PANIC, 0, 0},
};

START_TEST(finds)
{
	struct panic_watch w = {.n = 0};
	unsigned begins = 0, ends = 0;

	for (const char *p = consoles[_i].console; *p; p++) {
		enum panic_found found = panic_watch_add(&w, *p);
		begins += found == PANIC_BEGIN;
		ends += found == PANIC_END;
	}
	ck_assert_uint_eq(begins, consoles[_i].begins);
	ck_assert_uint_eq(ends, consoles[_i].ends);
}
END_TEST

START_TEST(says_why)
{
	static const struct {
		const char *console, *reason;
	} cases[] = {
		{"[ 1.5] Kernel panic - not syncing: Fatal exception in interrupt\r\n[ 1.6] CPU: "
		 "0\n",
		 "Fatal exception in interrupt"},
		{"Kernel panic - not syncing: a\x1b[31mb", "a?[31mb"},
		{"Kernel panic - not syncing\nnext", ""},
		{"Kernel panic - not syncing: one\nKernel panic - not syncing: two\n", "two"},
		{"no panic: at all\n", ""},
	};
	struct panic_watch w = {.n = 0};

	for (const char *p = cases[_i].console; *p; p++)
		panic_watch_add(&w, *p);
	ck_assert_str_eq(w.reason, cases[_i].reason);
}
END_TEST

START_TEST(a_long_reason_is_cut)
{
	struct panic_watch w = {.n = 0};

	for (const char *p = PANIC ": "; *p; p++)
		panic_watch_add(&w, *p);
	for (int i = 0; i < 1000; i++)
		panic_watch_add(&w, 'x');
	ck_assert_uint_eq(strlen(w.reason), PANIC_REASON_BYTES - 1);
}
END_TEST

/* It is said at the mark's last byte: the guest may not print another. */
START_TEST(finds_at_once)
{
	static const char line[] = "<0>[    1.234567] " PANIC;
	struct panic_watch w = {.n = 0};

	for (size_t i = 0; i + 2 < sizeof(line); i++)
		ck_assert_int_eq(panic_watch_add(&w, line[i]), PANIC_NONE);
	ck_assert_int_eq(panic_watch_add(&w, 'g'), PANIC_BEGIN);
}
END_TEST

/* The longest prefix with which the mark still fits. */
START_TEST(at_the_limit_of_the_line)
{
	char line[2 * PANIC_LINE_BYTES];

	for (size_t pad = 0; pad < PANIC_LINE_BYTES; pad++) {
		struct panic_watch w = {.n = 0};
		bool found = false;
		memset(line, '1', sizeof(line));
		line[0] = '[';
		line[1 + pad] = ']';
		strcpy(line + 2 + pad, PANIC);
		for (const char *p = line; *p; p++)
			found |= panic_watch_add(&w, *p) == PANIC_BEGIN;
		ck_assert_int_eq(found, pad > 0 && strlen(line) < PANIC_LINE_BYTES);
		ck_assert_uint_lt(w.n, PANIC_LINE_BYTES);
	}
}
END_TEST

/* Bytes that no kernel prints, among them the end of a C string. */
START_TEST(any_bytes)
{
	struct panic_watch w = {.n = 0};

	panic_watch_add(&w, '\0');
	for (const char *p = PANIC; *p; p++)
		ck_assert_int_eq(panic_watch_add(&w, *p), PANIC_NONE);
	for (unsigned i = 0; i < 1000; i++)
		ck_assert_int_eq(panic_watch_add(&w, (char)(i * 7)), PANIC_NONE);
	panic_watch_add(&w, '\n');
	for (const char *p = "Kernel panic - not syncin"; *p; p++)
		ck_assert_int_eq(panic_watch_add(&w, *p), PANIC_NONE);
	ck_assert_int_eq(panic_watch_add(&w, 'g'), PANIC_BEGIN);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("panic_watch");
	TCase *tc = tcase_create("panic_watch");
	tcase_add_loop_test(tc, finds, 0, COUNT(consoles));
	tcase_add_test(tc, finds_at_once);
	tcase_add_loop_test(tc, says_why, 0, 5);
	tcase_add_test(tc, a_long_reason_is_cut);
	tcase_add_test(tc, at_the_limit_of_the_line);
	tcase_add_test(tc, any_bytes);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
