/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The zero page: struct boot_params for the 64-bit Linux boot protocol.
 * Source: Linux Documentation/arch/x86/boot.rst and zero-page.rst.
 */
#ifndef ARCH_X86_64_ZEROPAGE_H
#define ARCH_X86_64_ZEROPAGE_H

#include "arch/x86_64/e820.h"
#include "loader/image.h"
#include "loader/initrd.h"

MINIVMM_BEGIN

/* What a kernel is told, whichever protocol tells it. */
struct boot_info {
	const struct e820 *map;
	gpa_t cmdline_gpa;
	uint32_t cmdline_bytes; /* without the NUL */
	struct initrd initrd;
	gpa_t rsdp_gpa; /* 0: no ACPI */
};

/*
 * Writes the zero page at X86_ZEROPAGE_GPA. For a bzImage its own setup header is copied (only
 * that: by its length byte), for an ELF one is made up; then the loader's fields are filled in.
 * Errors: not in RAM.
 */
int zeropage_write(const struct gmem *mem, const struct image *img, const struct boot_info *info,
		   struct err *e);

MINIVMM_END

#endif
