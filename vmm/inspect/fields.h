/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers of kernel files, as tables of their fields. The names are those of the
 * specifications.
 */
#ifndef VMM_INSPECT_FIELDS_H
#define VMM_INSPECT_FIELDS_H

#include "loader/blob.h"

/* How a field's value is shown. */
enum field_kind {
	FIELD_HEX,
	FIELD_DECIMAL,
	FIELD_FLAGS,       /* its bits have names */
	FIELD_ENUM,        /* its values have names */
	FIELD_ELF_MACHINE, /* an e_machine */
	FIELD_TEXT,        /* characters */
	FIELD_PROTOCOL,
	FIELD_PARAGRAPHS,
	FIELD_LOG2,
	FIELD_ARM64_FLAGS,
};

struct field_name {
	uint64_t value; /* of a flag: its bit */
	const char *name;
};

struct field {
	const char *name;
	uint16_t offset; /* from the header's start, in bytes */
	uint8_t bytes;   /* at most 8, except FIELD_TEXT */
	enum field_kind kind;
	const struct field_name *names; /* ends with one that has no name; NULL: none */
};

struct header {
	const char *name;
	uint16_t offset; /* in the file, if it is at a fixed offset */
	const struct field *fields;
	unsigned n;
};

extern const struct header header_setup, header_arm64, header_riscv64, header_zboot, header_elf,
	header_elf32, header_multiboot, header_multiboot2;

/* Room for the longest text below. */
enum { FIELD_TEXT_BYTES = 160 };

/* Reads the value of a field in @bytes, which are the header. False: they are too short. */
bool field_value(const struct field *f, struct blob bytes, uint64_t *value);

/* Formats the value: "0x1000000", "39", "HdrS". False: as above. */
bool field_text(const struct field *f, struct blob bytes, char text[FIELD_TEXT_BYTES]);

/* Explains the value: "2.15", "LOADED_HIGH CAN_USE_HEAP"; "" when it needs no explanation. */
void field_meaning(const struct field *f, uint64_t value, char text[FIELD_TEXT_BYTES]);

#endif
