/* SPDX-License-Identifier: BSD-3-Clause */
/* Compresses test data with the libraries themselves. A failed precondition aborts. */
#ifndef TESTS_UNIT_PACK_H
#define TESTS_UNIT_PACK_H

#include "loader/blob.h"

enum packing {
	PACK_GZIP,
	PACK_ZSTD,       /* with a checksum, as the zstd program does */
	PACK_LZ4_FRAME,  /* with a checksum, as the lz4 program does */
	PACK_LZ4_LEGACY, /* as `lz4 -l` does, which Linux's build calls */
	PACK_XZ,
};
enum { PACKINGS = 5 };

/* As the first word of the errors: "gzip", ... */
extern const char *const packing_name[PACKINGS];

/* False where this build has no library for it. Else *@out is on the heap, for the caller to free.
 */
bool pack_data(enum packing how, struct blob in, struct blob *out);

#endif
