/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a kernel file is, by its content: magic numbers and signatures, never a name.
 */
#ifndef LOADER_PROBE_H
#define LOADER_PROBE_H

#include "loader/blob.h"

MINIVMM_BEGIN

/* image_load() does not load all of these: it refuses the others by name. */
enum image_format {
	IMAGE_UNKNOWN,
	IMAGE_ELF,
	IMAGE_BZIMAGE,
	IMAGE_ARM64,   /* the arm64 'Image' */
	IMAGE_RISCV64, /* the riscv64 'Image' */
	IMAGE_GZIP,
	IMAGE_ZSTD,
	IMAGE_XZ,
	IMAGE_LZ4,
	IMAGE_ZBOOT,     /* EFI zboot */
	IMAGE_UKI,       /* a unified kernel image */
	IMAGE_PE,        /* some other PE/COFF program */
	IMAGE_MULTIBOOT, /* no ELF, but with the header of a multiboot or multiboot2 kernel */
	IMAGE_SCRIPT_OR_TEXT,
};

/* Never fails: IMAGE_UNKNOWN is an answer. */
enum image_format image_probe(struct blob file);

/* A short name for messages: "ELF", "bzImage", "arm64 Image", "gzip file", ... */
const char *image_format_name(enum image_format format);

/* What goes before that name in "this is ...": "an" for an ELF, "of an" for an unknown format. */
const char *image_format_article(enum image_format format);

/*
 * True for a file that is compressed and for an EFI zboot image: image_load() must unpack it first.
 * (A bzImage unpacks itself.)
 */
bool image_is_packed(enum image_format format);

MINIVMM_END

#endif
