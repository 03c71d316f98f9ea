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

/* Incremented when a member changes its meaning or is removed, not when one is added. */
enum { INSPECT_SCHEMA_VERSION = 1 };

enum { INSPECT_HEADERS = 6, INSPECT_BOOTS = 5, INSPECT_VERSION_BYTES = 256 };

/* A header of the file, or of the kernel inside it. */
struct inspect_header {
	const struct header *header;
	struct blob bytes;
	bool inside;     /* it is in the unpacked kernel */
	uint32_t offset; /* of @bytes in the file */
};

/* A way to boot the file on one of minivmm's machines, or the reason why it is not possible. */
struct inspect_boot {
	enum image_machine machine;
	const char *protocol; /* as in --boot; NULL: the machine cannot load the file at all */
	bool inside;          /* by the ELF file that is unpacked from a bzImage */
	bool possible;
	gpa_t entry;
	struct err why; /* if it is not possible */
};

struct inspection {
	struct blob file; /* borrowed */
	enum image_format format;
	struct pe pe; /* the sections of a unified image */

	struct blob body; /* @file, or a unified image's .linux */
	enum image_format body_format;

	/* Of a compressed bzImage. */
	struct unpacked outer; /* the unpacked bzImage; owned */
	struct blob bzimage;   /* the bzImage, in @file or in @outer; size 0: there is none */

	/* The kernel inside a compressed file or a bzImage. */
	char compression[32];    /* "gzip", ...; "": nothing is inside */
	size_t packed_bytes;     /* the size of the compressed stream */
	struct unpacked inside;  /* owned; data NULL: see inside_error */
	struct err inside_error; /* why a bzImage's payload could not be unpacked; "": no error */
	enum image_format inside_format;

	struct blob kernel; /* the unwrapped kernel, of @file or of @inside; may be empty */
	char architecture[24];
	char version[INSPECT_VERSION_BYTES]; /* from a bzImage's header; "": none */
	char banner[INSPECT_VERSION_BYTES];  /* "Linux version ..."; "": none */

	struct inspect_header header[INSPECT_HEADERS];
	unsigned headers;
	bool has_elf; /* @kernel is an ELF file with valid segments */
	struct elf elf;

	struct inspect_boot boot[INSPECT_BOOTS];
	unsigned boots;
	bool loads; /* the file can be loaded, for @machine */
	enum image_machine machine;
	struct image image;
	uint64_t ram_bytes; /* the smallest --memory with which the kernel can be loaded */

	struct unpacked config;  /* owned; data NULL: none embedded */
	struct err config_error; /* why it could not be read; "": no error */
};

/*
 * Examines @file, which is borrowed until inspect_fini(). @scratch has @scratch_bytes (a multiple
 * of 2 MiB) and is overwritten: the file is loaded into it for each machine, so that the loader
 * itself decides which boots are possible.
 *
 * Errors, after which nothing is left to undo: the format is unknown or not that of a kernel;
 * compressed data cannot be unpacked, or has no kernel inside; the header of a bzImage or an ELF
 * file cannot be read; those of uki_open().
 */
int inspect_init(struct inspection *in, struct blob file, void *scratch, uint64_t scratch_bytes,
		 struct err *e);
void inspect_fini(struct inspection *in);

/* The part of inspect_init() that loads the file: fills @boot and @image. */
void inspect_boots(struct inspection *in, void *scratch, uint64_t scratch_bytes);

/* "x86_64", "aarch64". */
const char *inspect_machine_name(enum image_machine machine);

/* Write the result as text or JSON. @path is the file's name. Errors set the error flag of @f. */
void inspect_text(const struct inspection *in, const char *path, FILE *f);
void inspect_json(const struct inspection *in, const char *path, FILE *f);

/* Does all of this: reads the file @path, examines it and writes to @f. Errors name the file. */
int inspect_file(const char *path, bool json, FILE *f, struct err *e);

#endif
