/* SPDX-License-Identifier: BSD-3-Clause */
/* The sections of a unified kernel image, as `minivmm inspect` names them. */
#ifndef VMM_INSPECT_SECTIONS_H
#define VMM_INSPECT_SECTIONS_H

#include "loader/pe.h"

enum { SECTION_NAME_BYTES = PE_NAME_BYTES + 1, SECTION_TEXT_BYTES = 256 };

struct section_view {
	char name[SECTION_NAME_BYTES]; /* printable ASCII */
	uint64_t offset, bytes;        /* in the file; both 0: it has nothing there */
	const char *type;              /* what it is for */
	const char *format;            /* of a kernel or an initrd: a constant; else NULL */
	char text[SECTION_TEXT_BYTES]; /* printable ASCII: the first line of one that is text */
	struct err problem; /* its bytes are not all in the file, or of no use to Linux; "": none */
};

/*
 * Describes section @i of @pe. Looks into its bytes if they are at most *@budget, of which they are
 * taken: sections may overlap, and there may be 65535.
 */
void section_describe(const struct pe *pe, unsigned i, uint64_t *budget, struct section_view *view);

#endif
