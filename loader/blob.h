/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bounded view of untrusted bytes (a kernel file, an initrd, a note).
 *
 * Every offset and length that comes from the bytes themselves goes through blob_sub() or
 * blob_copy(), never through raw addition. Multi-byte fields are little-endian, as in every format
 * that minivmm loads; reads need no alignment.
 *
 * The bytes may change while a function of the library reads them: those of a mapped file do when
 * somebody writes to it, even with MAP_PRIVATE. Each function therefore checks a copy, and uses
 * that copy. Such a writer can decide what the guest gets or which error is returned, but not which
 * memory is read or written. The bytes must not go away: reading a file that shrank under its
 * mapping raises SIGBUS, which the caller must prevent or handle.
 */
#ifndef LOADER_BLOB_H
#define LOADER_BLOB_H

#include "loader/api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

MINIVMM_BEGIN

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the loader copies little-endian fields as they are");

struct blob {
	const uint8_t *data; /* borrowed; may be NULL when size is 0 */
	size_t size;         /* bytes */
};

/* True when [off, off + len) lies in @b; then *@out is that view. @out may be &b itself. */
static inline bool blob_sub(struct blob b, uint64_t off, uint64_t len, struct blob *out)
{
	if (off > b.size || len > b.size - off)
		return false;
	*out = (struct blob){b.size ? b.data + off : b.data, (size_t)len};
	return true;
}

/*
 * Copies @len bytes at @off to @dst. False, with @dst untouched, when they are not all there. Each
 * byte is read once: @dst does not change when its source does.
 */
static inline bool blob_copy(struct blob b, uint64_t off, void *dst, size_t len)
{
	struct blob s;
	if (!blob_sub(b, off, len, &s))
		return false;
	if (len)
		memcpy(dst, s.data, len);
	/* Without this, the compiler may replace a use of @dst by another read of the source. */
	__asm__ volatile("" : : : "memory");
	return true;
}

/* True when the bytes at @off are @magic[0..len). */
static inline bool blob_has(struct blob b, uint64_t off, const void *magic, size_t len)
{
	struct blob s;
	return blob_sub(b, off, len, &s) && memcmp(s.data, magic, len) == 0;
}

MINIVMM_END

#endif
