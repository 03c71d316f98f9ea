/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an initrd is, as far as its headers tell, and what keeps Linux from unpacking it (Linux
 * init/initramfs.c, lib/decompress.c, lib/decompress_*.c). Nothing is unpacked here.
 */
#ifndef LOADER_INITRD_SCAN_H
#define LOADER_INITRD_SCAN_H

#include "loader/blob.h"
#include "loader/err.h"

MINIVMM_BEGIN

struct initrd_scan {
	/*
	 * The archive that the walk ended with, a constant: "cpio", "gzip", ..., "file system" (the
	 * image of a RAM disk); NULL: an unknown one, or none.
	 */
	const char *format;
	const char *config; /* the option that unpacks it, without CONFIG_: "RD_XZ"; NULL: none is
			       needed */
	/* The least RAM that unpacking takes, as far as headers tell; 0: they do not. */
	uint64_t unpacked_bytes; /* the files */
	uint64_t window_bytes;   /* for the decoder, while it unpacks */
	/*
	 * Why no Linux unpacks it, and what would help, in one sentence; "": no problem was found.
	 */
	struct err problem;
};

/*
 * Walks through @initrd as Linux does, past zeros and uncompressed archives, to the first archive
 * that is compressed: where that one ends, only unpacking would tell. gzip's trailer is believed,
 * although something may follow that stream.
 */
void initrd_scan(struct blob initrd, struct initrd_scan *out);

MINIVMM_END

#endif
