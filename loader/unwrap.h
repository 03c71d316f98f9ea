/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Takes off what a kernel is wrapped in, one layer after the other:
 *
 *	file -- unwrap_open() --> image -- unwrap_packed() --> packed -- unwrap_unpack() --> kernel
 *
 * The image of a unified kernel image is its section .linux; any other file is itself the image.
 * What is packed in an image is the payload of an EFI zboot image or of a bzImage; a compressed
 * file is packed as a whole.
 */
#ifndef LOADER_UNWRAP_H
#define LOADER_UNWRAP_H

#include "loader/decompress.h"
#include "loader/loaded.h"
#include "loader/probe.h"
#include "loader/uki.h"

MINIVMM_BEGIN

/* All blobs are views of the file. */
struct unwrap {
	enum image_format file_format;
	struct uki uki; /* the sections of a unified image; all empty for another file */
	struct blob image;
	enum image_format format; /* of the image; never IMAGE_UKI */
	struct blob packed;       /* what decompress() takes; size 0: nothing is packed */
};

/*
 * Finds the image in @file, and leaves u->packed empty. Errors: those of uki_open(); a unified
 * image whose .linux is another one.
 */
int unwrap_open(struct blob file, struct unwrap *u, struct err *e);

/*
 * Finds what is packed in the image and holds a kernel for @machine: the payload of a bzImage does
 * on x86_64 only. Errors: those of bzimage_payload() and zboot_payload().
 */
int unwrap_packed(struct unwrap *u, enum image_machine machine, struct err *e);

/*
 * Unpacks what unwrap_packed() found, to at most image_unpacked_max_bytes. Errors, with nothing to
 * free: those of decompress(); for an EFI zboot image those of zboot_unpack().
 */
int unwrap_unpack(const struct unwrap *u, struct unpacked *out, struct err *e);

/* The most bytes that a kernel is unpacked to: 1 GiB. */
extern const uint64_t image_unpacked_max_bytes;

MINIVMM_END

#endif
