/* SPDX-License-Identifier: BSD-3-Clause */
/* What arch/x86_64/host.c says of the host, by a /proc/cpuinfo and a /sys of ours. */
#include "arch/arch.h"
#include "suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INTEL   "/sys/module/kvm_intel/parameters/nested"
#define AMD     "/sys/module/kvm_amd/parameters/nested"
#define NO_FLAG "no vmx or svm flag: /dev/kvm, if it works, is software and slow"

/* NULL: the file cannot be read. */
static const char *cpuinfo, *parameter;

/* In place of the libc's. */
FILE *fopen(const char *path, const char *mode)
{
	ck_assert_str_eq(path, "/proc/cpuinfo");
	ck_assert(mode[0] == 'r');
	return cpuinfo ? fmemopen((char *)cpuinfo, strlen(cpuinfo), "r") : NULL;
}

int access(const char *path, int mode)
{
	ck_assert_int_eq(mode, R_OK);
	return parameter && strcmp(path, parameter) == 0 ? 0 : -1;
}

static const struct {
	const char *cpuinfo, *says;
} hosts[] = {
	{"processor\t: 0\nflags\t\t: fpu vmx sse\n", "hardware, Intel VT-x (vmx)"},
	{"processor\t: 0\nflags\t\t: fpu svm sse\n", "hardware, AMD-V (svm)"},
	{"flags\t\t: fpu\nflags\t\t: fpu svm\n", "hardware, AMD-V (svm)"},
	{"flags\t\t: fpu vmx_ept svm_lock nosvm\n", NO_FLAG},
	{"model name\t: a vmx svm processor\nvmx flags\t: vmx svm \nflags\t\t: fpu\n", NO_FLAG},
	{"\n", NO_FLAG},
	{NULL, NO_FLAG},
};

START_TEST(virtualization_is_a_flag_of_the_processor)
{
	cpuinfo = hosts[_i].cpuinfo;
	ck_assert_str_eq(arch_virtualization(), hosts[_i].says);
}
END_TEST

START_TEST(the_parameter_is_that_of_the_module_that_is_there)
{
	parameter = INTEL;
	ck_assert_str_eq(arch_nested_parameter(), INTEL);
	parameter = AMD;
	ck_assert_str_eq(arch_nested_parameter(), AMD);
	parameter = NULL;
	ck_assert_ptr_null(arch_nested_parameter());
}
END_TEST

int main(void)
{
	Suite *s = suite_create("host");
	TCase *t = tcase_create("host");

	tcase_add_loop_test(t, virtualization_is_a_flag_of_the_processor, 0, COUNT(hosts));
	tcase_add_test(t, the_parameter_is_that_of_the_module_that_is_there);
	suite_add_tcase(s, t);
	return run_suite(s);
}
