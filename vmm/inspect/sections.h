/* SPDX-License-Identifier: BSD-3-Clause */
/* The sections of a unified kernel image, as `minivmm inspect` shows them. */
#ifndef VMM_INSPECT_SECTIONS_H
#define VMM_INSPECT_SECTIONS_H

#include "loader/pe.h"

enum { SECTION_NAME_BYTES = PE_NAME_BYTES + 1, SECTION_TEXT_BYTES = 256 };

struct section_view {
	char name[SECTION_NAME_BYTES]; /* printable ASCII */
	uint64_t offset, bytes;        /* in the file; both 0: it has no bytes there */
	const char *type;              /* what it is for */
	const char *format;            /* of a kernel or an initrd, constant; else NULL */
	char text[SECTION_TEXT_BYTES]; /* the first line of a text section; printable ASCII */
	struct err problem; /* the file is too short for it, or Linux cannot use it; "": none */
};

/*
 * Describes section @i of @pe. Looks into its bytes only if they are at most *@budget, and
 * subtracts them from it: sections may overlap, and there may be 65535 of them.
 */
void section_describe(const struct pe *pe, unsigned i, uint64_t *budget, struct section_view *view);

#endif
