/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sections of a PE file (Microsoft, PE Format). Nothing else in it is read, neither what its
 * code needs nor its signature, because its code is never run.
 */
#ifndef LOADER_PE_H
#define LOADER_PE_H

#include "loader/blob.h"
#include "loader/err.h"

MINIVMM_BEGIN

enum { PE_NAME_BYTES = 8 };

/* One entry of the section table. All fields are little-endian. */
struct pe_section_header {
	char Name[PE_NAME_BYTES]; /* padded with NULs; a name of 8 characters has none */
	uint32_t VirtualSize;     /* bytes of its content in memory; old tools wrote 0 */
	uint32_t VirtualAddress;
	uint32_t SizeOfRawData; /* bytes in the file: rounded up, or fewer: the rest is zeros */
	uint32_t PointerToRawData;
	uint32_t PointerToRelocations;
	uint32_t PointerToLinenumbers;
	uint16_t NumberOfRelocations;
	uint16_t NumberOfLinenumbers;
	uint32_t Characteristics;
};
_Static_assert(sizeof(struct pe_section_header) == 40, "PE Format: section table");

struct pe {
	struct blob file;  /* borrowed */
	struct blob table; /* of it, the section table */
	uint16_t machine;  /* 0x8664: x86_64, 0xaa64: arm64 */
	unsigned sections; /* entries of @table */
};

struct pe_section {
	char name[PE_NAME_BYTES + 1]; /* any bytes */
	uint64_t offset;              /* of its bytes in the file; 0 when it has none there */
	struct blob bytes;            /* a view of the file: its content without the padding */
};

/*
 * True when @file begins with "MZ" and has the signature "PE\0\0" where the word at 0x3c says. The
 * rest of its headers may be wrong.
 */
bool pe_probe(struct blob file);

/*
 * Finds the section table of @file. Errors: a file that does not begin with "MZ"; no "PE" header
 * where the word at 0x3c says; the file ends inside its headers or its section table.
 */
int pe_open(struct blob file, struct pe *pe, struct err *e);

/* Reads section @i, which must be below pe->sections. Error: its bytes are not all in the file. */
int pe_section(const struct pe *pe, unsigned i, struct pe_section *out, struct err *e);

MINIVMM_END

#endif
