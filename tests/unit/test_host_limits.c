/* SPDX-License-Identifier: BSD-3-Clause */
/* Which machines a host is asked for in vain, with a KVM and an architecture of our own. */
#include "arch/arch.h"
#include "suite.h"
#include "vmm/machine/host_limits.h"
#include "vmm/machine/ram.h"

#include <check.h>
#include <string.h>

#define MIB (1ull << 20)

enum { MAX_CPUS = 8 };

const struct kvm_need arch_needs[] = {{0, NULL}};
const unsigned arch_needs_n = 3;
const uint64_t arch_sure_ram_bytes = 64 * MIB;

/* What the host says, and what it was asked. */
static struct {
	const char *fails; /* the call that does */
	unsigned max_ram_calls;
	uint64_t checked_bytes;
	bool checked_overcommit;
} host;

static int answer(const char *call, struct err *e)
{
	return host.fails && strcmp(host.fails, call) == 0 ? err_set(e, "%s failed", call) : 0;
}

int kvm_open(struct kvm *kvm, const char *fix, struct err *e)
{
	ck_assert_str_eq(fix, HOST_LIMITS_FIX);
	kvm->fd = 7;
	return answer("open", e);
}

int kvm_need(int fd, const struct kvm_need *need, unsigned n, struct err *e)
{
	ck_assert_int_eq(fd, 7);
	ck_assert_ptr_eq(need, arch_needs);
	ck_assert_uint_eq(n, arch_needs_n);
	return answer("need", e);
}

unsigned arch_max_cpus(const struct kvm *kvm, const char **why)
{
	(void)kvm;
	*why = "the reason";
	return MAX_CPUS;
}

int arch_max_ram(const struct kvm *kvm, uint64_t *bytes, unsigned *address_bits, struct err *e)
{
	(void)kvm;
	host.max_ram_calls++;
	*bytes = 1024 * MIB;
	*address_bits = 30;
	return answer("max_ram", e);
}

int ram_check(uint64_t bytes, bool overcommit, struct err *e)
{
	host.checked_bytes = bytes;
	host.checked_overcommit = overcommit;
	return answer("ram_check", e);
}

static const struct {
	unsigned cpus;
	uint64_t mib;
	const char *fails;
	unsigned max_ram_calls;
	const char *text; /* NULL: no error */
} machines[] = {
	{1, 1, NULL, 0, NULL},
	{MAX_CPUS, 64, NULL, 0, NULL},
	{MAX_CPUS + 1, 64, NULL, 0,
	 "--cpus: 9, but this host's KVM and minivmm's machine take at most 8: the reason"},
	{1, 65, NULL, 1, NULL},
	{1, 1024, NULL, 1, NULL},
	{1, 1025, NULL, 1,
	 "--memory: 1025 MiB, but guests' addresses have 30 bits on this host: at most 1024 MiB"},
	{1, 65, "max_ram", 1, "--memory: max_ram failed"},
	{1, 64, "max_ram", 0, NULL},
	{1, 64, "ram_check", 0, "--memory: ram_check failed"},
	{1, 1024, "ram_check", 1, "--memory: ram_check failed"},
	{1, 1, "open", 0, "open failed"},
	{1, 1, "need", 0, "need failed"},
};

START_TEST(a_machine)
{
	const char *text = machines[_i].text;
	struct machine_config cfg = {.cpus = machines[_i].cpus,
				     .memory_bytes = machines[_i].mib * MIB,
				     .overcommit = _i % 2};
	struct kvm kvm;
	struct err e = {""};

	memset(&host, 0, sizeof(host));
	host.fails = machines[_i].fails;
	ck_assert_int_eq(host_limits_open_kvm(&kvm, &cfg, &e), text ? -1 : 0);
	ck_assert_str_eq(e.text, text ? text : "");
	ck_assert_uint_eq(host.max_ram_calls, machines[_i].max_ram_calls);
	if (text)
		return;
	ck_assert_uint_eq(host.checked_bytes, cfg.memory_bytes);
	ck_assert(host.checked_overcommit == cfg.overcommit);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("host_limits");
	TCase *t = tcase_create("host_limits");

	tcase_add_loop_test(t, a_machine, 0, COUNT(machines));
	suite_add_tcase(s, t);
	return run_suite(s);
}
