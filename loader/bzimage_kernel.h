/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel inside a bzImage, loaded without its stub: what Linux
 * arch/x86/boot/compressed/{misc,kaslr}.c do in the guest, done by the loader.
 */
#ifndef LOADER_BZIMAGE_KERNEL_H
#define LOADER_BZIMAGE_KERNEL_H

#include "loader/loaded.h"

MINIVMM_BEGIN

/* Where a kernel that can be moved is to lie. All zero: at the addresses that it was linked for. */
struct kaslr {
	bool physical_on, virtual_on;
	uint64_t physical_random, virtual_random; /* any 64 bits each */
	uint64_t initrd_bytes; /* room to leave above the kernel, where possible */

	/* Set by the load: how many places there were to choose from; 1: no choice. */
	uint64_t physical_places, virtual_places;
};

/*
 * Loads the vmlinux at the beginning of @unpacked, which is the unpacked bzimage_payload() of
 * @file. It lies at its p_paddr. With @kaslr->physical_on it lies there or at a higher multiple of
 * kernel_alignment in the same range of RAM, low enough to end below 4 GiB; if there is an initrd,
 * low enough for one above it to end at initrd_addr_max or below. With @kaslr->virtual_on its
 * virtual addresses are moved by a multiple of kernel_alignment within the 1 GiB that Linux has for
 * them, and its setup header says so (KASLR_FLAG: Linux then moves its other areas, too). It is
 * entered at its e_entry.
 *
 * img->format is IMAGE_BZIMAGE, its setup_header that of @file, its limits those of bzimage_load().
 *
 * Errors: those of bzimage_load() about the setup header; those of elf_load_x86(), except about its
 * PVH entry; with @kaslr->virtual_on those of relocs.h, a lowest segment whose p_vaddr is not 2^64
 * - 2 GiB above its p_paddr, and a kernel of more than 1 GiB. On error guest memory may be partly
 * written.
 */
int bzimage_load_kernel(struct blob file, struct blob unpacked, struct kaslr *kaslr,
			const struct gmem *mem, gpa_t lowest, struct image *img, struct err *e);

/* True when @unpacked has relocations after its vmlinux. Without them it cannot be moved. */
bool bzimage_kernel_can_move(struct blob unpacked);

MINIVMM_END

#endif
