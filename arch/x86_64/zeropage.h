/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The zero page: struct boot_params for the 64-bit Linux boot protocol.
 * Source: Linux Documentation/arch/x86/boot.rst and zero-page.rst.
 */
#ifndef ARCH_X86_64_ZEROPAGE_H
#define ARCH_X86_64_ZEROPAGE_H

#include "arch/x86_64/bootparam.h"
#include "arch/x86_64/e820.h"
#include "loader/image.h"
#include "loader/initrd.h"

MINIVMM_BEGIN

/* What a kernel is told, whichever protocol tells it. */
struct boot_info {
	const struct e820 *map;
	gpa_t cmdline_gpa;
	struct initrd initrd;
	gpa_t rsdp_gpa; /* 0: no ACPI */
	/*
	 * Random bytes for the guest's random number generator; size 0: none. PVH has no place for
	 * them, nor has a boot protocol older than 2.09.
	 */
	struct blob rng_seed;
};

/*
 * Fills all of *@zp. For a bzImage its own setup header is copied (only that: by its length byte),
 * for an ELF one is made up; then the loader's fields are filled in. Other fields are the caller's
 * to set afterwards. Errors: a setup header longer than SETUP_HEADER_MAX_BYTES, a map longer than
 * E820_MAX.
 */
int zeropage_fill(struct boot_params *zp, const struct image *img, const struct boot_info *info,
		  struct err *e);

/*
 * Writes one element of extension data to @gpa (a struct boot_setup_data, @data after it) and makes
 * it the head of the list in *@zp. @type: BOOT_DATA_*, or another of boot.rst's SETUP_*. Errors,
 * nothing changed: *@zp's boot protocol is older than 2.09, which has no such list; @gpa is 0, the
 * list's end; more than 4 GiB - 1 of data; not wholly in RAM.
 */
int zeropage_add_data(const struct gmem *mem, struct boot_params *zp, gpa_t gpa, uint32_t type,
		      struct blob data, struct err *e);

/* Writes @zp to @gpa. Error: not wholly in RAM. */
int zeropage_put(const struct gmem *mem, gpa_t gpa, const struct boot_params *zp, struct err *e);

/*
 * zeropage_fill() and zeropage_put() at X86_ZEROPAGE_GPA, and the seed, if there is one, at
 * X86_SETUP_DATA_GPA. Errors: theirs, zeropage_add_data()'s; the seed does not fit there.
 */
int zeropage_write(const struct gmem *mem, const struct image *img, const struct boot_info *info,
		   struct err *e);

MINIVMM_END

#endif
