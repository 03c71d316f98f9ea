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
	 * Of the archive that the walk ended with, a constant: "cpio", "gzip", ..., "file system"
	 * (a RAM disk's image); NULL: it is none that is known, or there is none.
	 */
	const char *format;
	const char *config; /* without CONFIG_, what unpacks it: "RD_XZ"; NULL: nothing is needed */
	/* What unpacking it takes at least, of RAM, as far as headers say it; 0: they do not. */
	uint64_t unpacked_bytes; /* the files */
	uint64_t window_bytes;   /* for a decoder, while it unpacks */
	/* What no Linux unpacks, and what would help, in one sentence; "": nothing was found. */
	struct err problem;
};

/*
 * Walks through @initrd as Linux does: past zeros and uncompressed archives, up to the first one
 * that is compressed, for where that ends only unpacking it tells. What gzip's trailer says is
 * believed although something may follow that stream.
 */
void initrd_scan(struct blob initrd, struct initrd_scan *out);

MINIVMM_END

#endif
