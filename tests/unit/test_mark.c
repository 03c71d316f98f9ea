/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finding what a kernel says of its own end in the console's bytes, and nothing that only looks
 * like it.
 */
#include "suite.h"
#include "vmm/watch/mark.h"

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
	/* a program's line has no end */
	{"~ # [    1.234567] " PANIC, 1, 0},
	{"~ # [    1.234567][    T1] " PANIC, 1, 0},
	{"~ # [12345.678901] " END_MARK, 0, 1},
	{FORTY FORTY FORTY "[    1.234567] " PANIC, 1, 0},
	{FORTY FORTY FORTY "[    1.234567][    T1] " PANIC, 1, 0},
	{FORTY FORTY "012345678"
		     "[    1.234567] " PANIC,
	 1, 0},
	{"[18446744073.709551] " PANIC, 1, 0},
	{FORTY "[18446744073.709551] " PANIC, 1, 0},
	/* two messages on a line, NULs are tested below, escape sequences */
	{"[    1.234567] init: [    1.234567] " PANIC, 1, 0},
	{"[    1.000000] foo[    2.000000] " PANIC, 1, 0},
	{"[ 1.5] x[    2.000000] " PANIC, 1, 0},
	{"\x1b[0m" PANIC, 1, 0},
	{"\x1b[31m[    1.234567]\x1b[0m " PANIC, 1, 0},
	{"\x1b]0;title\n" PANIC, 1, 0},
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
	{"~ # [    1.2] " PANIC, 0, 0},
	{"~ # [    1.234567]  " PANIC, 0, 0},
	{"~ # [x.234567] " PANIC, 0, 0},
	{"~ # [ 1 .234567] " PANIC, 0, 0},
	{"~ # .234567] " PANIC, 0, 0},
	{"~ # 1.234567] " PANIC, 0, 0},
	{"[    1.234567] init: " PANIC, 0, 0},
	{"~ # [    1.234567] init: " PANIC, 0, 0},
	{FORTY FORTY FORTY "[    1.234567] " FORTY FORTY FORTY PANIC, 0, 0},
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
	struct mark_watch w = {.n = 0};
	unsigned begins = 0, ends = 0;

	for (const char *p = consoles[_i].console; *p; p++) {
		enum mark found = mark_watch_add(&w, *p);
		begins += found == MARK_PANIC;
		ends += found == MARK_PANIC_END;
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
	struct mark_watch w = {.n = 0};

	for (const char *p = cases[_i].console; *p; p++)
		mark_watch_add(&w, *p);
	ck_assert_str_eq(w.reason, cases[_i].reason);
}
END_TEST

START_TEST(a_long_reason_is_cut)
{
	struct mark_watch w = {.n = 0};

	for (const char *p = PANIC ": "; *p; p++)
		mark_watch_add(&w, *p);
	for (int i = 0; i < 1000; i++)
		mark_watch_add(&w, 'x');
	ck_assert_uint_eq(strlen(w.reason), MARK_REASON_BYTES - 1);
}
END_TEST

/* It is said at the mark's last byte: the guest may not print another. */
START_TEST(finds_at_once)
{
	static const char line[] = "<0>[    1.234567] " PANIC;
	struct mark_watch w = {.n = 0};

	for (size_t i = 0; i + 2 < sizeof(line); i++)
		ck_assert_int_eq(mark_watch_add(&w, line[i]), MARK_NONE);
	ck_assert_int_eq(mark_watch_add(&w, 'g'), MARK_PANIC);
}
END_TEST

static const struct {
	const char *console;
	enum mark mark;
} others[] = {
	{"Linux version 6.1.0-1-cloud-amd64 (a@b) #1 SMP\r\n", MARK_BANNER},
	{"[    0.000000] Linux version 6.12.1\r\n", MARK_BANNER},
	{"[    0.000000] Linux versions\r\n", MARK_NONE},
	{"about Linux version 6\n", MARK_NONE},
	{"[    3.141592] reboot: Power down\r\n", MARK_POWER_DOWN},
	{"~ # [    3.141592] reboot: Power down\r\n", MARK_POWER_DOWN},
	{"reboot: Power down\r\n", MARK_POWER_DOWN},
	{"Power down\r\n", MARK_NONE},
	{"[    3.141592] reboot: System halted\r\n", MARK_HALTED},
	{"[    3.141592] reboot: Power off not available: System halted instead\r\n", MARK_HALTED},
	{"~ # [    3.141592][    T1] reboot: Power off not available: System halted instead",
	 MARK_HALTED},
	{"System halted\n", MARK_NONE},
	{"init: reboot: System halted\n", MARK_NONE},
	{"XZ-compressed data is corrupt\n\n -- System halted", MARK_UNPACKING},
	{"a\n-- System halted", MARK_NONE},
	{"b -- System halted", MARK_NONE},
	{"[    3.141592] reboot: Restarting system\r\n", MARK_NONE},
};

START_TEST(finds_the_others)
{
	struct mark_watch w = {.n = 0};
	enum mark found = MARK_NONE;

	for (const char *p = others[_i].console; *p; p++) {
		enum mark mark = mark_watch_add(&w, *p);
		found = mark ? mark : found;
	}
	ck_assert_int_eq(found, others[_i].mark);
}
END_TEST

/* The longest prefix with which the mark still fits. */
START_TEST(at_the_limit_of_the_line)
{
	char line[2 * MARK_LINE_BYTES];

	for (size_t pad = 0; pad < MARK_LINE_BYTES; pad++) {
		struct mark_watch w = {.n = 0};
		bool found = false;
		memset(line, '1', sizeof(line));
		line[0] = '[';
		line[1 + pad] = ']';
		strcpy(line + 2 + pad, PANIC);
		for (const char *p = line; *p; p++)
			found |= mark_watch_add(&w, *p) == MARK_PANIC;
		ck_assert_int_eq(found, pad > 0 && strlen(line) < MARK_LINE_BYTES);
		ck_assert_uint_lt(w.n, MARK_LINE_BYTES);
	}
}
END_TEST

/* Bytes that no kernel prints, among them the end of a C string. */
START_TEST(any_bytes)
{
	struct mark_watch w = {.n = 0};

	mark_watch_add(&w, '\0');
	for (const char *p = "[    1.234567] " PANIC; *p; p++)
		if (mark_watch_add(&w, *p) == MARK_PANIC)
			break;
	ck_assert(w.naming);
	mark_watch_add(&w, '\n');
	mark_watch_add(&w, '\0');
	for (const char *p = PANIC; *p; p++)
		ck_assert_int_eq(mark_watch_add(&w, *p), MARK_NONE);
	for (unsigned i = 0; i < 1000; i++)
		ck_assert_int_eq(mark_watch_add(&w, (char)(i * 7)), MARK_NONE);
	mark_watch_add(&w, '\n');
	for (const char *p = "Kernel panic - not syncin"; *p; p++)
		ck_assert_int_eq(mark_watch_add(&w, *p), MARK_NONE);
	ck_assert_int_eq(mark_watch_add(&w, 'g'), MARK_PANIC);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mark");
	TCase *tc = tcase_create("mark");
	tcase_add_loop_test(tc, finds, 0, COUNT(consoles));
	tcase_add_loop_test(tc, finds_the_others, 0, COUNT(others));
	tcase_add_test(tc, finds_at_once);
	tcase_add_loop_test(tc, says_why, 0, 5);
	tcase_add_test(tc, a_long_reason_is_cut);
	tcase_add_test(tc, at_the_limit_of_the_line);
	tcase_add_test(tc, any_bytes);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
