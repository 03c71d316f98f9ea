/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The relocations of an x86_64 Linux kernel, as they lie after the vmlinux in a bzImage's unpacked
 * payload (made by Linux arch/x86/tools/relocs.c; read by its arch/x86/boot/compressed/misc.c).
 *
 * They are lists of 32-bit words, each list after a word 0. A word is the address, as linked, of a
 * place to be changed, sign-extended to 64 bits. The first list has the places with 64 bits. Before
 * Linux 6.15 the next has those with 32 bits that hold a distance from the per-CPU area, and
 * shrink. The last has the others with 32 bits.
 */
#ifndef LOADER_RELOCS_H
#define LOADER_RELOCS_H

#include "loader/blob.h"
#include "loader/err.h"

struct relocs {
	struct blob grow64, shrink32, grow32; /* words; views of the table */
};

/*
 * Finds the lists. Errors: a size that is not a multiple of 4; a first word that is not 0; fewer
 * than two lists (an empty table has none) or more than three.
 */
int relocs_open(struct blob table, struct relocs *r, struct err *e);

/* A kernel in memory. */
struct relocs_target {
	uint8_t *bytes;
	uint64_t size;
	uint64_t address; /* of its first byte, as linked */
};

/*
 * Moves the kernel by @delta in its virtual address space. Error: a place that does not lie in the
 * kernel; some may have been changed by then.
 */
int relocs_apply(const struct relocs *r, const struct relocs_target *kernel, uint64_t delta,
		 struct err *e);

#endif
