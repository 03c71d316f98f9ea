/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Takes off what a kernel is wrapped in, one layer after the other:
 *
 *	file -- unwrap_open() --> image -- unwrap_packed() --> packed -- unwrap_unpack() --> kernel
 *
 * The image is the .linux section of a unified kernel image, and any other file itself. What is
 * packed in it is all of a compressed file, or the payload of an EFI zboot image or of a bzImage.
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
 * Finds the image in @file; nothing is packed until unwrap_packed() was called. Errors: those of
 * uki_open(); a unified image that has another one for a kernel.
 */
int unwrap_open(struct blob file, struct unwrap *u, struct err *e);

/*
 * Finds what is packed in the image and has a kernel for @machine in it. The payload of a bzImage
 * counts on x86_64 alone. Errors: those of bzimage_payload() and zboot_payload().
 */
int unwrap_packed(struct unwrap *u, enum image_machine machine, struct err *e);

/*
 * Unpacks what unwrap_packed() found, to at most image_unpacked_max_bytes. Errors, with nothing to
 * free: those of decompress() and, for an EFI zboot image, of zboot_unpack().
 */
int unwrap_unpack(const struct unwrap *u, struct unpacked *out, struct err *e);

/* The most bytes that a file is unpacked to: 1 GiB. */
extern const uint64_t image_unpacked_max_bytes;

MINIVMM_END

#endif
