/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads the user's files. Another program may change or truncate a file while we use it; so
 * anything that is checked first and used later is copied into memory of our own.
 */
#ifndef VMM_PAYLOAD_INFILE_H
#define VMM_PAYLOAD_INFILE_H

#include "loader/blob.h"
#include "loader/err.h"

/*
 * Reads a whole regular file of at most @max_bytes into memory that infile_free() frees. Errors
 * name the file: it cannot be opened, is not a regular file (opening a FIFO never blocks), is
 * empty, is larger than @max_bytes, or shrank while it was read; no memory.
 */
int infile_read(const char *path, uint64_t max_bytes, struct blob *bytes, struct err *e);

/* Idempotent. */
void infile_free(struct blob *bytes);

enum { INFILE_HEAD_BYTES = 64 << 10 }; /* a multiple of every page size */

/*
 * A file's identity, from fstat(): it differs after each change of the content. All zero when that
 * is not reliable: the file changed while it was read, or less than 2 s before (a coarse clock may
 * give another change the same time); other users may write to it (a change through a mapping may
 * leave the times alone); or it is on FUSE, where the result of fstat() is any user's choice.
 */
struct infile_identity {
	uint64_t device, inode, bytes, mtime_ns, ctime_ns;
};

/* A file that may be needed only in part. All zero: none. */
struct infile {
	const char *path; /* borrowed */
	struct blob bytes;
	bool mapped; /* the bytes after the head are a mapping of the file, and fd is open */
	int fd;
	struct infile_identity id; /* of what has been read */
};

/*
 * Opens a regular file of any size. Its first INFILE_HEAD_BYTES bytes are read into memory of our
 * own. The rest is mapped: it may change, and raises SIGBUS when the file shrinks; mapped_path()
 * then returns @path. Errors: those of infile_read(), except the size.
 */
int infile_open(const char *path, struct infile *f, struct err *e);

/*
 * Replaces the mapping by a copy of the rest of the file, unless that was done before. Errors: the
 * file is larger than @max_bytes; those of infile_read().
 */
int infile_own(struct infile *f, uint64_t max_bytes, struct err *e);

/* Idempotent. */
void infile_close(struct infile *f);

#endif
