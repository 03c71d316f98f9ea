/* SPDX-License-Identifier: BSD-3-Clause */
/* The layers around a kernel: what unwrap.h finds at each step. */
#include "loader/unwrap.h"

#include "loading.h"
#include "pack.h"

#include <check.h>
#include <stdlib.h>

static struct unwrap u;
static struct kernel inner; /* what is wrapped */

static void setup(void)
{
	setup_with(kernel_arm64_small);
	kernel_arm64_small(&inner);
}

static struct blob blob_of(const struct kernel *kernel)
{
	return (struct blob){kernel->bytes, kernel->size};
}

static void wrap_in_uki(struct kernel *kernel)
{
	const struct uki_part part[] = {UKI_TEXT(".initrd", "0707"), {".linux", blob_of(kernel)}};
	kernel_uki(&k, IMAGE_MACHINE_AARCH64, part, 2);
}

static void open_file(void)
{
	ck_assert_msg(unwrap_open(blob_of(&k), &u, &e) == 0, "%s", e.text);
}

START_TEST(a_plain_kernel_has_no_layer)
{
	open_file();
	ck_assert_int_eq((int)u.file_format, IMAGE_ARM64);
	ck_assert_int_eq((int)u.format, IMAGE_ARM64);
	ck_assert_ptr_eq(u.image.data, k.bytes);
	ck_assert_uint_eq(u.image.size, k.size);
	ck_assert_ptr_null(u.uki.kernel.data);
	ck_assert_int_eq(unwrap_packed(&u, IMAGE_MACHINE_AARCH64, &e), 0);
	ck_assert_uint_eq(u.packed.size, 0);
}
END_TEST

START_TEST(a_unified_image)
{
	wrap_in_uki(&inner);
	open_file();
	ck_assert_int_eq((int)u.file_format, IMAGE_UKI);
	ck_assert_int_eq((int)u.format, IMAGE_ARM64);
	ck_assert_ptr_eq(u.image.data, u.uki.kernel.data);
	ck_assert_uint_eq(u.image.size, inner.size);
	ck_assert_uint_eq(u.uki.initrd.size, 4);
}
END_TEST

/* Whatever is in the inner one. */
START_TEST(a_unified_image_in_another)
{
	wrap_in_uki(&inner);
	inner = k;
	wrap_in_uki(&inner);
	ck_assert_int_eq(unwrap_open(blob_of(&k), &u, &e), -1);
	ck_assert_str_eq(e.text, "this is a unified kernel image, and its .linux is another; "
				 "expected a kernel there");
}
END_TEST

/* What was found for one machine does not remain for the next. */
START_TEST(a_bzimage_is_packed_for_its_machine_alone)
{
	kernel_bzimage_small(&k);
	kernel_put(&k, SETUP_OFFSET(payload_offset), 4, 0x300);
	kernel_put(&k, SETUP_OFFSET(payload_length), 4, 0x100);
	open_file();
	ck_assert_int_eq(unwrap_packed(&u, IMAGE_MACHINE_X86_64, &e), 0);
	ck_assert_ptr_eq(u.packed.data, k.bytes + SMALL_BZIMAGE_CODE + 0x300);
	ck_assert_uint_eq(u.packed.size, 0x100);
	ck_assert_int_eq(unwrap_packed(&u, IMAGE_MACHINE_AARCH64, &e), 0);
	ck_assert_uint_eq(u.packed.size, 0);
}
END_TEST

static void unpack_is_refused(const char *error)
{
	struct unpacked out;
	ck_assert_int_eq(unwrap_packed(&u, IMAGE_MACHINE_AARCH64, &e), 0);
	ck_assert_int_eq(unwrap_unpack(&u, &out, &e), -1);
	ck_assert_ptr_null(out.data);
	ck_assert_str_eq(e.text, error);
}

START_TEST(nothing_is_packed)
{
	open_file();
	unpack_is_refused("the data is not compressed by gzip, zstd, lz4 or xz");
	kernel_zboot(&k, "gzip", (struct blob){(const uint8_t *)"packed", 6});
	open_file();
	unpack_is_refused("EFI zboot: its payload: the data is not compressed by gzip, zstd, lz4 "
			  "or xz");
}
END_TEST

/* 0: a gzip file, 1: an EFI zboot image; each in a unified image. */
START_TEST(all_layers)
{
	struct unpacked out;
	struct blob packed;
	struct kernel wrapped = {.size = 0};
	ck_assert(pack_data(PACK_GZIP, blob_of(&inner), &packed));
	if (_i)
		kernel_zboot(&wrapped, "gzip", packed);
	else
		memcpy(wrapped.bytes, packed.data, wrapped.size = packed.size);
	wrap_in_uki(&wrapped);
	open_file();
	ck_assert_int_eq((int)u.format, _i ? IMAGE_ZBOOT : IMAGE_GZIP);
	ck_assert_int_eq(unwrap_packed(&u, IMAGE_MACHINE_AARCH64, &e), 0);
	ck_assert_uint_eq(u.packed.size, packed.size);
	ck_assert_mem_eq(u.packed.data, packed.data, packed.size);
	ck_assert_msg(unwrap_unpack(&u, &out, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(out.size, inner.size);
	ck_assert_mem_eq(out.data, inner.bytes, inner.size);
	unpacked_free(&out);
	free((void *)(uintptr_t)packed.data);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("unwrap");
	TCase *tc = tcase_create("unwrap");
	struct blob packed;
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_plain_kernel_has_no_layer);
	tcase_add_test(tc, a_unified_image);
	tcase_add_test(tc, a_unified_image_in_another);
	tcase_add_test(tc, a_bzimage_is_packed_for_its_machine_alone);
	tcase_add_test(tc, nothing_is_packed);
	/* Where the build has the library. */
	if (pack_data(PACK_GZIP, (struct blob){(const uint8_t *)"x", 1}, &packed)) {
		free((void *)(uintptr_t)packed.data);
		tcase_add_loop_test(tc, all_layers, 0, 2);
	}
	suite_add_tcase(s, tc);
	return run_suite(s);
}
