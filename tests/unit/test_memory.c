/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How much RAM a guest may have on x86_64, with an ioctl() and a sysinfo() of ours: what the host's
 * addresses reach, what it could give, and the memory slots that KVM is asked for.
 */
#include "arch/arch.h"
#include "suite.h"
#include "vmm/machine/ram.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysinfo.h>

#define GIB (1ull << 30)
#define TIB (1ull << 40)

static struct {
	struct kvm_cpuid_entry2 leaf; /* the only one */
	struct kvm_userspace_memory_region slot[8];
	unsigned slots;
	struct sysinfo memory;
	int sysinfo_fails;
} host;

/* In place of the libc's. */
int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	(void)fd;
	va_start(args, request);
	void *arg = va_arg(args, void *);
	va_end(args);
	if (request == KVM_SET_USER_MEMORY_REGION) {
		ck_assert_uint_lt(host.slots, COUNT(host.slot));
		memcpy(&host.slot[host.slots++], arg, sizeof(host.slot[0]));
		return 0;
	}
	ck_assert_uint_eq(request, KVM_GET_SUPPORTED_CPUID);
	struct kvm_cpuid2 *cpuid = arg;
	cpuid->nent = 1;
	cpuid->entries[0] = host.leaf;
	return 0;
}

int sysinfo(struct sysinfo *info)
{
	*info = host.memory;
	return host.sysinfo_fails ? -1 : 0;
}

/* ram.c's, of no matter here. */
const struct board *const board_native = NULL;

static void setup(void)
{
	memset(&host, 0, sizeof(host));
}

/* EAX of a leaf, and what it means for guests. */
static const struct {
	uint32_t function, eax;
	unsigned bits;
	uint64_t bytes;
} widths[] = {
	{0x80000008, 0x3028, 40, 1023 * GIB},
	{0x80000008, 0x3027, 39, 511 * GIB},
	{0x80000008, 0x302e, 46, 65535 * GIB},
	{0x80000008, 0x3934, 52, (1ull << 52) - GIB},
	/* an EPT of four levels maps 48 bits of the 52 */
	{0x80000008, 0x303934, 48, (1ull << 48) - GIB},
	{0x80000008, 0x343934, 52, (1ull << 52) - GIB},
	{0x80000008, 0, 36, 63 * GIB},
	{0x80000001, 0x28, 36, 63 * GIB},
};

START_TEST(addresses_end_where_the_processor_says)
{
	const struct kvm kvm = {.fd = 1000};
	uint64_t bytes = 0;
	unsigned bits = 0;
	struct err e;

	host.leaf.function = widths[_i].function;
	host.leaf.eax = widths[_i].eax;
	ck_assert_int_eq(arch_max_ram(&kvm, &bytes, &bits, &e), 0);
	ck_assert_uint_eq(bits, widths[_i].bits);
	ck_assert_uint_eq(bytes, widths[_i].bytes);
	ck_assert_uint_ge(bytes, arch_sure_ram_bytes);
}
END_TEST

START_TEST(no_more_than_ram_and_swap)
{
	struct err e;

	host.memory = (struct sysinfo){.totalram = 3, .totalswap = 2, .mem_unit = 1u << 30};
	ck_assert_int_eq(ram_check(5 * GIB, false, &e), 0);
	ck_assert_int_eq(ram_check(5 * GIB + 4096, false, &e), -1);
	ck_assert_str_eq(e.text, "5120 MiB, but this host has 5120 MiB of RAM and swap; "
				 "--overcommit lets it be more");
	ck_assert_int_eq(ram_check(1000001ull << 20, false, &e), -1);
	ck_assert_str_eq(e.text, "1000001 MiB, but this host has 5120 MiB of RAM and swap; "
				 "--overcommit lets it be more");
}
END_TEST

/* With --overcommit, too: KVM would fill the host's memory before the guest's first instruction. */
START_TEST(what_kvm_needs_for_it_must_fit)
{
	struct err e;

	host.memory = (struct sysinfo){.totalram = 4, .totalswap = 2, .mem_unit = 1u << 30};
	ck_assert_int_eq(ram_check(6 * GIB + 4096, true, &e), 0);
	ck_assert_int_eq(ram_check(400 * GIB, true, &e), 0);
	ck_assert_int_eq(ram_check(16 * TIB, true, &e), -1);
	ck_assert_str_eq(e.text, "16777216 MiB, for which KVM may need 40960 MiB of its own, more "
				 "than a quarter of this host's RAM (4096 MiB)");
}
END_TEST

/* A host that does not say how much it has is not one that has none. */
START_TEST(a_host_that_does_not_say)
{
	struct err e;

	host.sysinfo_fails = 1;
	ck_assert_uint_eq(ram_of_host().ram_bytes, 0);
	ck_assert_int_eq(ram_check(GIB, false, &e), 0);
}
END_TEST

/* KVM makes no slot of 8 TiB or more; all are in order, next to each other, and of whole pages. */
START_TEST(a_large_range_is_several_slots)
{
	struct gmem mem = {.n = 0};
	uint64_t at[] = {0, 4 * GIB, 4 * GIB + 4 * TIB, 4 * GIB + 8 * TIB};
	uint64_t size[] = {3 * GIB, 4 * TIB, 4 * TIB, TIB + 4096};
	uint8_t *base = (uint8_t *)(uintptr_t)TIB;
	struct err e;

	ck_assert_int_eq(gmem_add(&mem, 0, 3 * GIB, base, &e), 0);
	ck_assert_int_eq(gmem_add(&mem, 4 * GIB, 9 * TIB + 4096, base + TIB, &e), 0);
	ck_assert_int_eq(kvm_set_memory(1001, &mem, &e), 0);
	ck_assert_uint_eq(host.slots, COUNT(at));
	for (unsigned i = 0; i < COUNT(at); i++) {
		uint64_t range_at = i ? TIB + (at[i] - at[1]) : 0;
		ck_assert_uint_eq(host.slot[i].slot, i);
		ck_assert_uint_eq(host.slot[i].guest_phys_addr, at[i]);
		ck_assert_uint_eq(host.slot[i].memory_size, size[i]);
		ck_assert_uint_eq(host.slot[i].userspace_addr, TIB + range_at);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("memory");
	TCase *tc = tcase_create("memory");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, addresses_end_where_the_processor_says, 0, COUNT(widths));
	tcase_add_test(tc, no_more_than_ram_and_swap);
	tcase_add_test(tc, what_kvm_needs_for_it_must_fit);
	tcase_add_test(tc, a_host_that_does_not_say);
	tcase_add_test(tc, a_large_range_is_several_slots);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
