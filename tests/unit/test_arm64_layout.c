/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing in the aarch64 address map overlaps. */
#include "arch/aarch64/layout.h"

#include "suite.h"

#include <stdint.h>

static const struct region {
	const char *name;
	uint64_t base, bytes, room; /* room: what it may grow to, or a slot of its own */
} regions[] = {
	{"UART", ARM64_UART_GPA, ARM64_UART_BYTES, ARM64_DEVICE_SLOT},
	{"RTC", ARM64_RTC_GPA, ARM64_RTC_BYTES, ARM64_DEVICE_SLOT},
	{"exit device", ARM64_EXIT_GPA, ARM64_EXIT_BYTES, ARM64_DEVICE_SLOT},
	{"pvpanic", ARM64_PVPANIC_GPA, ARM64_PVPANIC_BYTES, ARM64_DEVICE_SLOT},
	{"virtio", ARM64_VIRTIO_GPA, ARM64_VIRTIO_BYTES, ARM64_VIRTIO_MAX *ARM64_DEVICE_SLOT},
	{"GICv2 distributor", ARM64_GIC_DIST_GPA, ARM64_GICV2_DIST, ARM64_DEVICE_SLOT},
	{"GICv2 CPU interface", ARM64_GICV2_CPU_GPA, ARM64_GICV2_CPU, ARM64_DEVICE_SLOT},
	{"redistributors", ARM64_GIC_REDIST_GPA, ARM64_GIC_REDIST,
	 ARM64_GICV3_CPUS_MAX *ARM64_GIC_REDIST},
	{"RAM", ARM64_RAM_GPA, ARM64_DTB_MAX_BYTES, 1ULL << 45},
};

START_TEST(no_overlap)
{
	const struct region *a = &regions[_i];
	for (int j = 0; j < COUNT(regions); j++) {
		const struct region *b = &regions[j];
		ck_assert_msg(a == b || a->base + a->room <= b->base ||
				      b->base + b->room <= a->base,
			      "%s overlaps %s", a->name, b->name);
	}
}
END_TEST

/* Pages of 64 KiB: a guest maps no device together with another. */
START_TEST(aligned)
{
	const struct region *r = &regions[_i];
	ck_assert_uint_gt(r->bytes, 0);
	ck_assert_uint_le(r->bytes, r->room);
	ck_assert_uint_eq(r->base % ARM64_DEVICE_SLOT, 0);
	ck_assert_uint_gt(r->base, 0);
	if (r->base != ARM64_RAM_GPA)
		ck_assert_uint_le(r->base + r->room, ARM64_DEVICES_END_GPA);
}
END_TEST

START_TEST(gic)
{
	ck_assert_uint_le(ARM64_GICV3_DIST, ARM64_DEVICE_SLOT);
	ck_assert_uint_eq(ARM64_GIC_DIST_GPA + ARM64_DEVICE_SLOT, ARM64_GICV2_CPU_GPA);
	ck_assert_uint_eq((ARM64_SPIS + 32) % 32, 0); /* KVM's unit */
	ck_assert_uint_lt(ARM64_UART_SPI, ARM64_VIRTIO_SPI);
	ck_assert_uint_lt(ARM64_RTC_SPI, ARM64_VIRTIO_SPI);
	ck_assert_uint_ne(ARM64_RTC_SPI, ARM64_UART_SPI);
	ck_assert_uint_le(ARM64_VIRTIO_SPI + ARM64_VIRTIO_MAX, ARM64_SPIS);
}
END_TEST

/* booting.rst: the kernel's base is a multiple of 2 MiB; so is RAM's, for kernels before 4.6. */
START_TEST(ram)
{
	ck_assert_uint_eq(ARM64_RAM_GPA % ARM64_DTB_ALIGN, 0);
	ck_assert_uint_eq(ARM64_DTB_MAX_BYTES, 2 << 20);
	ck_assert_uint_le(ARM64_DTB_MAX_BYTES, ARM64_DTB_ALIGN);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("arm64_layout");
	TCase *t = tcase_create("all");
	tcase_add_loop_test(t, no_overlap, 0, COUNT(regions));
	tcase_add_loop_test(t, aligned, 0, COUNT(regions));
	tcase_add_test(t, gic);
	tcase_add_test(t, ram);
	suite_add_tcase(s, t);
	return run_suite(s);
}
