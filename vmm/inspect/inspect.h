/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * minivmm inspect: everything that the loader finds in a kernel file, for kernels of every
 * architecture, on every host, without KVM. docs/inspect.md describes its output. This is the front
 * door of inspect/.
 */
#ifndef VMM_INSPECT_INSPECT_H
#define VMM_INSPECT_INSPECT_H

#include "loader/decompress.h"
#include "loader/elf_file.h"
#include "loader/image.h"
#include "loader/pe.h"
#include "vmm/inspect/fields.h"

#include <stdio.h>

/* Counts up when a member changes its meaning or goes away; new members do not count. */
enum { INSPECT_SCHEMA_VERSION = 1 };

enum { INSPECT_HEADERS = 6, INSPECT_BOOTS = 5, INSPECT_VERSION_BYTES = 256 };

/* A header of the file, or of what is inside it. */
struct inspect_header {
	const struct header *header;
	struct blob bytes;
	bool inside;     /* of the kernel that was unpacked */
	uint32_t offset; /* of @bytes in the file */
};

/* A way to boot the file on a machine of minivmm's, or why there is none. */
struct inspect_boot {
	enum image_machine machine;
	const char *protocol; /* as --boot takes it; NULL: the machine does not load it at all */
	bool inside;          /* by the ELF file that was unpacked from a bzImage */
	bool possible;
	gpa_t entry;
	struct err why; /* it is not possible */
};

struct inspection {
	struct blob file; /* borrowed */
	enum image_format format;
	struct pe pe; /* of a unified image: its sections */

	struct blob body; /* @file, or a unified image's .linux */
	enum image_format body_format;

	/* Of a compressed bzImage. */
	struct unpacked outer; /* what it unpacked to; owned */
	struct blob bzimage;   /* the bzImage, of @file or of @outer; size 0: there is none */

	/* What is inside: a compressed file's kernel, or a bzImage's. */
	char compression[32];    /* "gzip", ...; "": nothing is inside */
	size_t packed_bytes;     /* of the stream */
	struct unpacked inside;  /* owned; data NULL: see the next */
	struct err inside_error; /* why a bzImage's payload could not be unpacked; "": no error */
	enum image_format inside_format;

	struct blob kernel; /* the unwrapped kernel, of @file or of @inside; may be empty */
	char architecture[24];
	char version[INSPECT_VERSION_BYTES]; /* what a bzImage's header says; "": nothing */
	char banner[INSPECT_VERSION_BYTES];  /* "Linux version ..."; "": none */

	struct inspect_header header[INSPECT_HEADERS];
	unsigned headers;
	bool has_elf; /* @kernel is an ELF file whose segments are sound */
	struct elf elf;

	struct inspect_boot boot[INSPECT_BOOTS];
	unsigned boots;
	bool loads; /* the file, for image_machine */
	enum image_machine machine;
	struct image image;
	uint64_t ram_bytes; /* the least RAM that the loaded kernel takes, of minivmm's machine */

	struct unpacked config;  /* owned; data NULL: none embedded */
	struct err config_error; /* why it could not be read; "": no error */
};

/*
 * Looks at @file, which the caller keeps until inspect_fini(). @scratch, @scratch_bytes long (a
 * multiple of 2 MiB), is the RAM that the file is loaded into for each machine: which boots are
 * possible is what the loader itself says. It is overwritten.
 *
 * Errors, with nothing to undo: the format is unknown or none of a kernel; compressed data that
 * cannot be unpacked, or with no kernel inside; a bzImage or an ELF file whose header cannot be
 * read; uki_open()'s.
 */
int inspect_init(struct inspection *in, struct blob file, void *scratch, uint64_t scratch_bytes,
		 struct err *e);
void inspect_fini(struct inspection *in);

/* Its part that loads: fills the boots, and what was loaded. */
void inspect_boots(struct inspection *in, void *scratch, uint64_t scratch_bytes);

/* "x86_64", "aarch64". */
const char *inspect_machine_name(enum image_machine machine);

/* The text and the JSON of it. @path is the file's name. The file's error flag tells of errors. */
void inspect_text(const struct inspection *in, const char *path, FILE *f);
void inspect_json(const struct inspection *in, const char *path, FILE *f);

/* All of it: maps the file @path, looks at it and writes on @f. Errors name the file. */
int inspect_file(const char *path, bool json, FILE *f, struct err *e);

#endif
