/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers that kernel files begin with, as tables of their fields. Names are those of the
 * specifications.
 */
#ifndef VMM_INSPECT_FIELDS_H
#define VMM_INSPECT_FIELDS_H

#include "loader/blob.h"

/* How a field's value is best read. */
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
	uint8_t bytes;   /* up to 8; FIELD_TEXT any */
	enum field_kind kind;
	const struct field_name *names; /* until one without a name; NULL: none */
};

struct header {
	const char *name;
	uint16_t offset; /* in the file, where it has a place of its own there */
	const struct field *fields;
	unsigned n;
};

extern const struct header header_setup, header_arm64, header_riscv64, header_zboot, header_elf,
	header_elf32, header_multiboot, header_multiboot2;

/* Room for the longest text below. */
enum { FIELD_TEXT_BYTES = 160 };

/* The value of a field in @bytes, the header alone. False: they do not reach so far. */
bool field_value(const struct field *f, struct blob bytes, uint64_t *value);

/* The value as one writes it: "0x1000000", "39", "HdrS". False as above. */
bool field_text(const struct field *f, struct blob bytes, char text[FIELD_TEXT_BYTES]);

/* What the value means: "2.15", "LOADED_HIGH CAN_USE_HEAP"; "" when it needs no word. */
void field_meaning(const struct field *f, uint64_t value, char text[FIELD_TEXT_BYTES]);

#endif
