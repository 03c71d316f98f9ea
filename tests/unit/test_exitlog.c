/* SPDX-License-Identifier: BSD-3-Clause */
/* The last exits of a vCPU, as they are shown after a crash. */
#include "vmm/exitlog.h"

#include "arch/kvm.h"
#include "suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* kvm.c's, of no matter here. */
const char kvm_missing_fix[] = "";

static void expect(const struct exitlog *log, const char *want)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(f);
	exitlog_print(log, f, "| ");
	fclose(f);
	ck_assert_str_eq(text, want);
	free(text);
}

static void io(struct exitlog *log, bool write, uint64_t port, uint8_t size, uint64_t data)
{
	exitlog_add(log, &(struct exitlog_entry){.reason = KVM_EXIT_IO,
						 .write = write,
						 .size = size,
						 .addr = port,
						 .data = data});
}

START_TEST(empty)
{
	struct exitlog log = {.n = 0};
	expect(&log, "");
}
END_TEST

START_TEST(lines)
{
	struct exitlog log = {.n = 0};
	io(&log, true, 0x3f8, 1, 0x41);
	io(&log, false, 0xcfc, 4, 0xffffffff);
	io(&log, true, 0xfed00000123, 8, 0x123456789abcdef0);
	exitlog_add(&log, &(struct exitlog_entry){.reason = KVM_EXIT_SHUTDOWN});
	exitlog_add(&log, &(struct exitlog_entry){.reason = 77});
	expect(&log, "| IO             write 0x3f8 1 byte,  0x41\n"
		     "| IO             read  0xcfc 4 bytes, 0xffffffff\n"
		     "| IO             write 0xfed00000123 8 bytes, 0x123456789abcdef0\n"
		     "| SHUTDOWN\n"
		     "| ?\n");
}
END_TEST

START_TEST(repeats_count_up)
{
	struct exitlog log = {.n = 0};
	for (unsigned i = 0; i < 1000; i++)
		io(&log, true, 0x3f8, 1, i & 0xff);
	io(&log, false, 0x3f8, 1, 1); /* each of these differs in one thing */
	io(&log, false, 0x3f9, 1, 1);
	io(&log, false, 0x3f9, 2, 1);
	io(&log, false, 0x3f9, 2, 1);
	ck_assert_uint_eq(log.n, 4);
	exitlog_add(&log, &(struct exitlog_entry){
				  .reason = KVM_EXIT_MMIO, .size = 2, .addr = 0x3f9, .data = 1});
	expect(&log, "| IO             write 0x3f8 1 byte,  0xe7 (the last of 1000)\n"
		     "| IO             read  0x3f8 1 byte,  0x1\n"
		     "| IO             read  0x3f9 1 byte,  0x1\n"
		     "| IO             read  0x3f9 2 bytes, 0x1 (the last of 2)\n"
		     "| MMIO           read  0x3f9 2 bytes, 0x1\n");
}
END_TEST

/* One more, and ten times more, than there is room for: the newest stay, oldest first. */
START_TEST(wraps)
{
	struct exitlog log = {.n = 0};
	unsigned n = (unsigned)_i;
	char want[64 * EXITLOG_ENTRIES] = "";

	for (unsigned i = 0; i < n; i++) {
		io(&log, false, i, 1, i);
		if (i + EXITLOG_ENTRIES >= n)
			sprintf(want + strlen(want), "| IO             read  0x%x 1 byte,  0x%x\n",
				i, i);
	}
	expect(&log, want);
	io(&log, false, n - 1, 1, 7); /* the last one's place is found after the wrap, too */
	ck_assert_uint_eq(log.n, n);
	ck_assert_uint_eq(log.entry[(n - 1) % EXITLOG_ENTRIES].repeated, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("exitlog");
	TCase *tc = tcase_create("exitlog");
	tcase_add_test(tc, empty);
	tcase_add_test(tc, lines);
	tcase_add_test(tc, repeats_count_up);
	tcase_add_loop_test(tc, wraps, 1, 4 * EXITLOG_ENTRIES);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
