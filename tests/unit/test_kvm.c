/* SPDX-License-Identifier: BSD-3-Clause */
/* /dev/kvm that cannot be opened, with an open() of ours; the names of KVM's exits. */
#include "arch/kvm.h"

#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* The architecture's. */
const char kvm_missing_fix[] = "load the module";

static int open_error;

/* In place of the libc's. */
int open(const char *path, int flags, ...)
{
	(void)flags;
	ck_assert_str_eq(path, "/dev/kvm");
	errno = open_error;
	return -1;
}

static const struct {
	int error;
	const char *text;
} errors[] = {
	{ENOENT, "/dev/kvm: No such file or directory; load the module"},
	{EACCES, "/dev/kvm: Permission denied; add yourself to the group that owns it (usually "
		 "`sudo usermod -aG kvm $USER`, then log in again)"},
	{EBUSY, "/dev/kvm: Device or resource busy; another hypervisor holds the processor's "
		"virtualization; stop it"},
	{EMFILE, "/dev/kvm: Too many open files; what the caller says"},
};

START_TEST(each_error_comes_with_a_fix)
{
	struct kvm kvm;
	struct err e;

	open_error = errors[_i].error;
	ck_assert_int_eq(kvm_open(&kvm, "what the caller says", &e), -1);
	ck_assert_str_eq(e.text, errors[_i].text);
}
END_TEST

START_TEST(exits_have_names)
{
	ck_assert_str_eq(kvm_exit_name(KVM_EXIT_UNKNOWN), "UNKNOWN");
	ck_assert_str_eq(kvm_exit_name(KVM_EXIT_MMIO), "MMIO");
	ck_assert_str_eq(kvm_exit_name(KVM_EXIT_X86_WRMSR), "X86_WRMSR");
	ck_assert_ptr_null(kvm_exit_name(KVM_EXIT_S390_SIEIC)); /* no vCPU of ours has it */
	ck_assert_ptr_null(kvm_exit_name(EXIT_REASONS));
	ck_assert_ptr_null(kvm_exit_name(UINT32_MAX));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kvm");
	TCase *tc = tcase_create("kvm");
	tcase_add_loop_test(tc, each_error_comes_with_a_fix, 0, COUNT(errors));
	tcase_add_test(tc, exits_have_names);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
