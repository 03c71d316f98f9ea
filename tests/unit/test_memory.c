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
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

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

enum { RANGES = 2 };

/* Two ranges: the first as large as the test wants it, the rest of 64 KiB. */
static uint64_t first_bytes;

static unsigned ram_layout(uint64_t ram_bytes, gpa_t *base, uint64_t *size)
{
	base[0] = 0;
	size[0] = first_bytes;
	base[1] = 4 * GIB;
	size[1] = ram_bytes - first_bytes;
	return RANGES;
}

static const struct board board = {.ram_layout = ram_layout};
const struct board *const board_native = &board;

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

/* How much address space the process has, in pages. Without stdio, which allocates. */
static unsigned long mapped_pages(void)
{
	char text[128];
	int fd = open("/proc/self/statm", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	ck_assert_int_gt(n, 0);
	close(fd);
	text[n] = '\0';
	return strtoul(text, NULL, 10);
}

static const uint64_t sizes[] = {4096,    64 << 10,         (2 << 20) - 4096,
				 2 << 20, (2 << 20) + 4096, 9 << 20};

/* A large range begins at a huge page; nothing but the ranges stays mapped. */
START_TEST(ram_is_aligned_and_no_more_than_asked_for)
{
	const uint64_t rest = 64 << 10;
	struct gmem mem;
	struct err e;

	first_bytes = sizes[_i];
	unsigned long before = mapped_pages();
	for (unsigned round = 0; round < 5; round++) { /* from other addresses each time */
		void *apart = mmap(NULL, 4096 * (round + 1ul), PROT_NONE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		ck_assert_int_eq(ram_map(sizes[_i] + rest, &mem, &e), 0);
		ck_assert_uint_eq(mem.n, RANGES);
		ck_assert_uint_eq(mem.range[0].size, sizes[_i]);
		if (sizes[_i] >= 2 << 20)
			ck_assert_uint_eq((uintptr_t)gmem_at(&mem, 0, 1) % (2 << 20), 0);
		memset(gmem_at(&mem, 0, sizes[_i]), 1, sizes[_i]);
		memset(gmem_at(&mem, 4 * GIB, rest), 1, rest);
		ck_assert_uint_eq(mapped_pages() - before, (sizes[_i] + rest) / 4096 + round + 1);
		ram_unmap(&mem);
		munmap(apart, 4096 * (round + 1ul));
		ck_assert_uint_eq(mapped_pages(), before);
	}
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
	tcase_add_loop_test(tc, ram_is_aligned_and_no_more_than_asked_for, 0, COUNT(sizes));
	suite_add_tcase(s, tc);
	return run_suite(s);
}
