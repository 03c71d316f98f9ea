/* SPDX-License-Identifier: BSD-3-Clause */
/* What the console's last lines say of a guest that ended by itself. */
#include "suite.h"
#include "vmm/watch/ending.h"

#include <check.h>
#include <string.h>

#define OOPS  "[    2.000000] Oops: 0002 [#1] PREEMPT SMP NOPTI\r\n"
#define BUG   "[    2.000000] BUG: kernel NULL pointer dereference, address: 0\r\n"
#define TRACE "[    2.100000] ---[ end trace 0000000000000000 ]---\r\n"
#define TEN   "1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\r\n10\r\n"
#define FIFTY TEN TEN TEN TEN TEN

static const struct {
	const char *console;
	const char *trouble;
	bool restarting;
} consoles[] = {
	{"", "", false},
	{"\r\n\r\n", "", false},
	{"hello\r\n", "", false},
	{OOPS, "Oops: 0002 [#1] PREEMPT SMP NOPTI", false},
	{BUG "[    2.1] RIP: 0010:x\r\n", "BUG: kernel NULL pointer dereference, address: 0",
	 false},
	{"~ # " OOPS, "Oops: 0002 [#1] PREEMPT SMP NOPTI", false},
	{"[    2.0] kernel BUG at mm/slub.c:1!", "kernel BUG at mm/slub.c:1!", false},
	/* the last of them, and no WARNING */
	{OOPS BUG, "BUG: kernel NULL pointer dereference, address: 0", false},
	{"[    2.0] WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2\r\n" TRACE, "", false},
	/* an orderly end after it */
	{OOPS "[    3.0] reboot: Restarting system\r\n", "", true},
	{OOPS "[    3.0] reboot: Restarting system\r\n[    3.1] reboot: machine restart\r\n", "",
	 true},
	{OOPS "[    3.0] reboot: Restarting system with command 'x'\r\n", "", true},
	{OOPS "[    3.0] Restarting system.\r\n", "", true},
	{OOPS "[    3.0] reboot: Power down\r\n", "", false},
	{OOPS "[    3.0] reboot: System halted\r\n", "", false},
	{OOPS "[    3.0] kexec_core: Starting new kernel\r\n", "", false},
	{OOPS "~ # [    3.000000] reboot: Restarting system", "", true},
	/* an oops after the announced end, and a program that talks of one */
	{"[    3.0] reboot: Restarting system\r\n" OOPS, "Oops: 0002 [#1] PREEMPT SMP NOPTI",
	 false},
	{OOPS "init: reboot: Restarting system\r\n", "Oops: 0002 [#1] PREEMPT SMP NOPTI", false},
	{"[    3.0] reboot: Restarting system\r\nhello\r\n", "", false},
	{"[    3.0] reboot: Restarting system\r\n\r\n", "", true},
	/* long ago; an oops is as long as it is */
	{FIFTY FIFTY OOPS "51\r\n", "Oops: 0002 [#1] PREEMPT SMP NOPTI", false},
	{OOPS FIFTY, "Oops: 0002 [#1] PREEMPT SMP NOPTI", false},
	{OOPS FIFTY "51\r\n", "", false},
	{OOPS TEN TEN TEN TEN TRACE TEN TEN "\r\n", "Oops: 0002 [#1] PREEMPT SMP NOPTI", false},
	{OOPS TRACE FIFTY "51\r\n", "", false},
	{OOPS FIFTY "51\r\n" TRACE, "", false},
	/* sysvinit's, and those of old kernels */
	{OOPS "Restarting system message bus: dbus.\r\n", "Oops: 0002 [#1] PREEMPT SMP NOPTI",
	 false},
	{OOPS "Restarting system with command 'x'.\r\n", "", true},
	/* two messages, and a progress bar, on a line */
	{"[    1.000000] foo[    2.000000] Oops: 0002 [#1]\r\n", "Oops: 0002 [#1]", false},
	{"50%\rBUG: x\r\n", "BUG: x", false},
	{"50%\rBUG: x", "BUG: x", false},
	{OOPS "50%\rRestarting system.\r\n", "", true},
	{"[    2.0] int3: 0000 [#1] SMP\r\n", "int3: 0000 [#1] SMP", false},
	{"[    2.0] Internal error: synchronous external abort: 96000410 [#1] SMP\r\n",
	 "Internal error: synchronous external abort: 96000410 [#1] SMP", false},
	/* escape sequences */
	{"\x1b[31m" OOPS "\x1b[0m", "Oops: 0002 [#1] PREEMPT SMP NOPTI", false},
};

static struct tail tail;
static struct patterns known;

static void begin(void)
{
	tail.n = 0;
}

static void print(const char *text)
{
	for (; *text; text++)
		tail_add(&tail, *text);
}

START_TEST(reads)
{
	struct ending ending;

	print(consoles[_i].console);
	ending_read(&tail, 0, &known, &ending);
	ck_assert_str_eq(ending.trouble, consoles[_i].trouble);
	ck_assert_int_eq(ending.restarting, consoles[_i].restarting);
}
END_TEST

/* What a guest printed before it was booted again is not this boot's. */
START_TEST(an_earlier_boot_does_not_count)
{
	struct ending ending;

	print(OOPS);
	ending_read(&tail, tail.n, &known, &ending);
	ck_assert_str_eq(ending.trouble, "");
	print("[    3.0] reboot: Restarting system\r\n");
	uint64_t begin = tail.n;
	print(BUG);
	ending_read(&tail, begin, &known, &ending);
	ck_assert_str_eq(ending.trouble, "BUG: kernel NULL pointer dereference, address: 0");
}
END_TEST

START_TEST(a_known_oops_is_none)
{
	struct ending ending;
	struct err e;

	ck_assert_int_eq(patterns_add(&known, "Oops: 0002", false, &e), 0);
	print(OOPS);
	ending_read(&tail, 0, &known, &ending);
	ck_assert_str_eq(ending.trouble, "");
	print(BUG OOPS "[    3.0] kexec_core: Starting new kernel\r\n");
	ending_read(&tail, 0, &known, &ending);
	ck_assert(ending.starting && !ending.restarting);
	print("[    0.0] Linux version 6.1\r\n");
	ending_read(&tail, 0, &known, &ending);
	ck_assert(!ending.starting);
	patterns_fini(&known);
}
END_TEST

/* The ring holds less than was printed: half a line is none. */
START_TEST(a_full_ring)
{
	struct ending ending;

	for (unsigned i = 0; i < TAIL_BYTES; i++)
		tail_add(&tail, 'x');
	print("\r\n" OOPS);
	ending_read(&tail, 0, &known, &ending);
	ck_assert_str_eq(ending.trouble, "Oops: 0002 [#1] PREEMPT SMP NOPTI");
	tail.n = 0;
	print("BUG: ");
	for (unsigned i = 0; i < TAIL_BYTES - 5 + 1; i++)
		tail_add(&tail, 'x');
	ending_read(&tail, 0, &known, &ending);
	ck_assert_str_eq(ending.trouble, "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ending");
	TCase *t = tcase_create("ending");

	tcase_add_checked_fixture(t, begin, NULL);
	tcase_add_loop_test(t, reads, 0, COUNT(consoles));
	tcase_add_test(t, an_earlier_boot_does_not_count);
	tcase_add_test(t, a_known_oops_is_none);
	tcase_add_test(t, a_full_ring);
	suite_add_tcase(s, t);
	return run_suite(s);
}
