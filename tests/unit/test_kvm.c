/* SPDX-License-Identifier: BSD-3-Clause */
/* KVM's answers and what arch/kvm.c makes of them, with an open() and an ioctl() of ours. */
#include "arch/kvm.h"
#include "suite.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The architecture's. */
const char kvm_missing_fix[] = "load the module";

/* What the host's KVM says. An error is a negative errno. */
static struct {
	int open, version, run_bytes;
	unsigned interrupted; /* so many ioctls end with EINTR before one is answered */
	int cap;              /* the one that it has */
	int cap_value;
	unsigned ioctls;
} kvm;

static int answer(int value)
{
	if (value >= 0)
		return value;
	errno = -value;
	return -1;
}

/* In place of the libc's. */
int open(const char *path, int flags, ...)
{
	ck_assert_str_eq(path, "/dev/kvm");
	ck_assert(flags & O_CLOEXEC);
	return answer(kvm.open < 0 ? kvm.open : dup(0));
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	(void)fd;
	va_start(args, request);
	unsigned long arg = va_arg(args, unsigned long);
	va_end(args);
	kvm.ioctls++;
	if (kvm.interrupted) {
		kvm.interrupted--;
		return answer(-EINTR);
	}
	switch (request) {
	case KVM_GET_API_VERSION:
		return answer(kvm.version);
	case KVM_GET_VCPU_MMAP_SIZE:
		return answer(kvm.run_bytes);
	case KVM_CHECK_EXTENSION:
		return answer((int)arg == kvm.cap ? kvm.cap_value : 0);
	case KVM_CREATE_VM:
		return answer(arg == 1 ? 7 : -EINVAL);
	default:
		return answer(-ENOTTY);
	}
}

static void sound_kvm(void)
{
	memset(&kvm, 0, sizeof(kvm));
	kvm.version = 12;
	kvm.run_bytes = (int)sizeof(struct kvm_run);
}

/* kvm_open() fails and says @text. */
static void refused(const char *text)
{
	struct err e = {0};
	struct kvm k = {.fd = 1};

	ck_assert_int_eq(kvm_open(&k, "what the caller says", &e), -1);
	ck_assert_str_eq(e.text, text);
	ck_assert_int_eq(k.fd, -1);
}

START_TEST(a_kvm_as_it_should_be)
{
	struct err e = {0};
	struct kvm k;

	kvm.run_bytes = 12288;
	ck_assert_int_eq(kvm_open(&k, "what the caller says", &e), 0);
	ck_assert_int_ge(k.fd, 0);
	ck_assert_uint_eq(k.run_bytes, 12288);
	int fd = k.fd;
	kvm_close(&k);
	ck_assert_int_eq(k.fd, -1);
	ck_assert_int_eq(close(fd), -1); /* it was ours to close, and is closed */
	kvm_close(&k);                   /* harmless */
	kvm.run_bytes = (int)sizeof(struct kvm_run);
	ck_assert_int_eq(kvm_open(&k, "what the caller says", &e), 0);
	kvm_close(&k);
}
END_TEST

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
	kvm.open = -errors[_i].error;
	refused(errors[_i].text);
}
END_TEST

START_TEST(another_version)
{
	kvm.version = 11;
	refused("/dev/kvm: KVM_GET_API_VERSION says 11, expected 12");
	kvm.version = 13;
	refused("/dev/kvm: KVM_GET_API_VERSION says 13, expected 12");
}
END_TEST

START_TEST(no_room_for_a_vcpus_state)
{
	char text[100];

	for (int i = 0; i < 2; i++) {
		kvm.run_bytes = i == 0 ? 0 : (int)sizeof(struct kvm_run) - 1;
		snprintf(text, sizeof(text),
			 "KVM_GET_VCPU_MMAP_SIZE says %d, expected at least %zu", kvm.run_bytes,
			 sizeof(struct kvm_run));
		refused(text);
	}
	kvm.run_bytes = -EPERM;
	refused("KVM_GET_VCPU_MMAP_SIZE: Operation not permitted");
}
END_TEST

START_TEST(a_call_that_a_signal_interrupts_is_made_again)
{
	struct err e = {0};
	const struct kvm k = {.fd = 0};

	kvm.interrupted = 3;
	ck_assert_int_eq(kvm_vm_create(&k, 1, &e), 7);
	ck_assert_uint_eq(kvm.ioctls, 4);
	kvm.interrupted = 2;
	ck_assert_int_eq(KVM_CALL(0, KVM_GET_API_VERSION, 0, &e), 12);
	ck_assert_uint_eq(kvm.ioctls, 7);
}
END_TEST

START_TEST(a_call_that_fails_is_named)
{
	struct err e = {0};
	const struct kvm k = {.fd = 0};

	ck_assert_int_eq(kvm_vm_create(&k, 0, &e), -1);
	ck_assert_str_eq(e.text, "KVM_CREATE_VM: Invalid argument");
	ck_assert_int_eq(KVM_CALL(0, KVM_SET_REGS, 0, &e), -1);
	ck_assert_str_eq(e.text, "KVM_SET_REGS: Inappropriate ioctl for device");
	ck_assert_uint_eq(kvm.ioctls, 2);
}
END_TEST

START_TEST(a_missing_capability_is_named)
{
	static const struct kvm_need need[] = {{5, "KVM_CAP_FIVE"}, {6, "KVM_CAP_SIX"}};
	struct err e = {0};

	kvm.cap = 5;
	kvm.cap_value = 3;
	ck_assert_int_eq(kvm_cap(0, 5), 3);
	ck_assert_int_eq(kvm_need(0, need, 1, &e), 0);
	ck_assert_int_eq(kvm_need(0, need, 2, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, " KVM_CAP_SIX,"));
	kvm.cap_value = -EBADF;
	ck_assert_int_eq(kvm_cap(0, 5), 0); /* an error is no capability */
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
	TCase *t = tcase_create("answers");

	tcase_add_checked_fixture(t, sound_kvm, NULL);
	tcase_add_test(t, a_kvm_as_it_should_be);
	tcase_add_loop_test(t, each_error_comes_with_a_fix, 0, COUNT(errors));
	tcase_add_test(t, another_version);
	tcase_add_test(t, no_room_for_a_vcpus_state);
	tcase_add_test(t, a_call_that_a_signal_interrupts_is_made_again);
	tcase_add_test(t, a_call_that_fails_is_named);
	tcase_add_test(t, a_missing_capability_is_named);
	tcase_add_test(t, exits_have_names);
	suite_add_tcase(s, t);
	return run_suite(s);
}
