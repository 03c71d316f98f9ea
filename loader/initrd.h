/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where an initrd may lie, and the copy.
 */
#ifndef LOADER_INITRD_H
#define LOADER_INITRD_H

#include "loader/blob.h"
#include "loader/loaded.h"

MINIVMM_BEGIN

struct initrd {
	gpa_t base;    /* page-aligned; 0 when size is 0 */
	uint64_t size; /* bytes; 0: no initrd */
};

/*
 * Chooses the highest page-aligned address for @size bytes that lies wholly in one RAM range,
 * outside [@img->start, @img->end), at or above @lowest and @img->initrd_addr_min, and at or below
 * @img->initrd_addr_max and below 4 GiB with its last byte. Only where that is impossible and
 * @img->initrd_above_4g is set, the highest such address in all of RAM. Pure: writes nothing but
 * *@out. Errors: size 0; no room, with the size, the limits and the largest room there is.
 */
int initrd_place(const struct gmem *mem, const struct image *img, gpa_t lowest, uint64_t size,
		 struct initrd *out, struct err *e);

/* initrd_place() and the copy of @file. Errors: those of initrd_place(). */
int initrd_load(struct blob file, const struct gmem *mem, const struct image *img, gpa_t lowest,
		struct initrd *out, struct err *e);

MINIVMM_END

#endif
