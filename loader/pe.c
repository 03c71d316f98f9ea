/* SPDX-License-Identifier: BSD-3-Clause */
/* The sections of a PE file: see pe.h. */
#include "loader/pe.h"

#include <inttypes.h>

enum { LFANEW_OFFSET = 0x3c }; /* where the DOS header says where the PE header is */

/* The signature and the COFF file header. */
struct pe_header {
	char Signature[4];
	uint16_t Machine;
	uint16_t NumberOfSections;
	uint32_t TimeDateStamp;
	uint32_t PointerToSymbolTable;
	uint32_t NumberOfSymbols;
	uint16_t SizeOfOptionalHeader;
	uint16_t Characteristics;
};
_Static_assert(sizeof(struct pe_header) == 24, "PE Format: COFF file header");

static const char dos_magic[] = {'M', 'Z'}, pe_signature[] = {'P', 'E', '\0', '\0'};

bool pe_probe(struct blob file)
{
	uint32_t at;

	return blob_has(file, 0, dos_magic, sizeof(dos_magic)) &&
	       blob_copy(file, LFANEW_OFFSET, &at, sizeof(at)) &&
	       blob_has(file, at, pe_signature, sizeof(pe_signature));
}

int pe_open(struct blob file, struct pe *pe, struct err *e)
{
	uint32_t at = 0;
	struct pe_header h;

	*pe = (struct pe){.file = file};
	if (!blob_has(file, 0, dos_magic, sizeof(dos_magic)))
		return err_set(e, "PE: the file does not begin with \"MZ\"");
	if (!blob_copy(file, LFANEW_OFFSET, &at, sizeof(at)) || !blob_copy(file, at, &h, sizeof(h)))
		return err_set(e,
			       "PE: its header is at 0x%" PRIx32 " of the file, which has 0x%zx "
			       "bytes",
			       at, file.size);
	if (memcmp(h.Signature, pe_signature, sizeof(pe_signature)) != 0)
		return err_set(e, "PE: there is no \"PE\" at 0x%" PRIx32 ", where 0x3c points", at);
	uint64_t table = (uint64_t)at + sizeof(h) + h.SizeOfOptionalHeader;
	if (!blob_sub(file, table, h.NumberOfSections * sizeof(struct pe_section_header),
		      &pe->table))
		return err_set(e,
			       "PE: NumberOfSections=%u: their table at 0x%" PRIx64
			       " does not fit in the file of 0x%zx bytes",
			       h.NumberOfSections, table, file.size);
	pe->machine = h.Machine;
	pe->sections = h.NumberOfSections;
	return 0;
}

/* Copies the name as a message may have it. */
static void copy_printable(const char *name, char text[PE_NAME_BYTES + 1])
{
	size_t n = 0;

	for (; n < PE_NAME_BYTES && name[n]; n++)
		text[n] = (char)(name[n] >= ' ' && name[n] <= '~' ? name[n] : '?');
	text[n] = '\0';
}

int pe_section(const struct pe *pe, unsigned i, struct pe_section *out, struct err *e)
{
	struct pe_section_header h;
	char name[PE_NAME_BYTES + 1];

	*out = (struct pe_section){.offset = 0};
	if (!blob_copy(pe->table, (uint64_t)i * sizeof(h), &h, sizeof(h)))
		return err_set(e, "PE: there is no section %u, only %u", i, pe->sections);
	memcpy(out->name, h.Name, sizeof(h.Name));
	uint32_t size = h.SizeOfRawData;
	if (h.VirtualSize && h.VirtualSize < size)
		size = h.VirtualSize;
	if (!size) /* then the pointer has no meaning */
		return 0;
	if (!blob_sub(pe->file, h.PointerToRawData, size, &out->bytes)) {
		copy_printable(h.Name, name);
		return err_set(e,
			       "PE: section %u (%s): 0x%" PRIx32
			       " bytes at PointerToRawData=0x%" PRIx32 ", but the file has 0x%zx",
			       i, name, size, h.PointerToRawData, pe->file.size);
	}
	out->offset = h.PointerToRawData;
	return 0;
}
