/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A builder of cpio archives in the newc format ("070701"), the one that Linux unpacks as an
 * initramfs (Linux Documentation/driver-api/early-userspace/buffer-format.rst).
 *
 * The archive grows in the caller's buffer. With no buffer (dst NULL) nothing is written and
 * nothing can run out of room: the same calls once without and once with a buffer of `used` bytes
 * give the archive. All entries belong to root, have the time 0 and an inode each: the same calls
 * give the same bytes. A call that fails leaves the archive as it was.
 */
#ifndef LOADER_CPIO_H
#define LOADER_CPIO_H

#include "loader/blob.h"
#include "loader/err.h"

MINIVMM_BEGIN

enum { CPIO_NAME_MAX = 255 }; /* characters of one entry's name, a whole path */

struct cpio {
	uint8_t *dst;    /* borrowed; NULL: only count */
	size_t capacity; /* bytes at @dst; of no meaning without it */
	size_t used;     /* bytes so far, a multiple of 4 */
	uint32_t inode;  /* of the entry before */
};

/*
 * Where the kernel is to look for it at other than the start of an initramfs, the archive must lie
 * at a multiple of 4 bytes.
 */
void cpio_init(struct cpio *c, uint8_t *dst, size_t capacity);

/*
 * Each appends one entry. @name is relative to the root ("dev/console"); its folders come before
 * it, which is not checked. @mode holds permission bits only (07777); the others are dropped.
 * Errors: the name is empty, starts with '/' or has more than CPIO_NAME_MAX characters; the file is
 * larger than 4 GiB - 1 (the format has 8 hexadecimal digits); no room in the buffer.
 */
int cpio_add_file(struct cpio *c, const char *name, uint32_t mode, struct blob data, struct err *e);
int cpio_add_dir(struct cpio *c, const char *name, uint32_t mode, struct err *e);
/* A character device. */
int cpio_add_device(struct cpio *c, const char *name, uint32_t mode, uint32_t major, uint32_t minor,
		    struct err *e);

/*
 * Appends the trailer and zeros up to a multiple of 512. Then c->used is the archive's size.
 * Error: no room.
 */
int cpio_finish(struct cpio *c, struct err *e);

MINIVMM_END

#endif
