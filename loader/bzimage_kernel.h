/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel inside a bzImage, loaded without its stub: what Linux
 * arch/x86/boot/compressed/{misc,kaslr}.c do in the guest, done by the loader.
 */
#ifndef LOADER_BZIMAGE_KERNEL_H
#define LOADER_BZIMAGE_KERNEL_H

#include "loader/loaded.h"

MINIVMM_BEGIN

/* Where a kernel that can be moved is to lie. All zero: where it was linked for. */
struct kaslr {
	bool physical_on, virtual_on;
	uint64_t physical_random, virtual_random; /* any 64 bits each */
	uint64_t initrd_bytes; /* room that the kernel leaves above itself, where that can be */

	/* Set when it is loaded: how many places there were to choose from; 1: no choice. */
	uint64_t physical_places, virtual_places;
};

/*
 * Loads the vmlinux that bzimage_payload() of @file, unpacked, begins with. It lies at its
 * p_paddr, or with @kaslr->physical_on at any multiple of kernel_alignment from there on in the
 * same range of RAM and below 4 GiB, or so that an initrd above it ends at initrd_addr_max. With
 * @kaslr->virtual_on its addresses are moved by a multiple of kernel_alignment within the 1 GiB
 * that Linux has for them, and its setup header says so (KASLR_FLAG: Linux then moves its other
 * areas, too). It is entered at its e_entry.
 *
 * img->format is IMAGE_BZIMAGE, its setup_header that of @file, its limits those of bzimage_load().
 *
 * Errors: bzimage_load()'s about the setup header, elf_load_x86()'s but those about its PVH
 * entry, and with @kaslr->virtual_on relocs.h's, a lowest segment whose p_vaddr is not 2^64 - 2 GiB
 * above its p_paddr, a kernel of more than 1 GiB. On error guest memory may be partly written.
 */
int bzimage_load_kernel(struct blob file, struct blob unpacked, struct kaslr *kaslr,
			const struct gmem *mem, gpa_t lowest, struct image *img, struct err *e);

/* True when @unpacked has relocations after its vmlinux: without them it cannot be moved. */
bool bzimage_kernel_can_move(struct blob unpacked);

MINIVMM_END

#endif
