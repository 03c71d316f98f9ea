/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The user's files, to be read. Another program may change or cut a file while we use it; so what
 * is checked first and used later is memory of our own.
 */
#ifndef VMM_PAYLOAD_INFILE_H
#define VMM_PAYLOAD_INFILE_H

#include "loader/blob.h"
#include "loader/err.h"

/*
 * Reads a whole regular file of at most @max_bytes into memory of our own, which infile_free()
 * gives back. Errors name the file: it cannot be opened, is not a regular file (a directory, a
 * FIFO: never waited for), is empty, is larger, shrank while it was read; no memory.
 */
int infile_read(const char *path, uint64_t max_bytes, struct blob *bytes, struct err *e);

/* Idempotent. */
void infile_free(struct blob *bytes);

enum { INFILE_HEAD_BYTES = 64 << 10 }; /* a multiple of every page size */

/*
 * What fstat() says a file is: it is another with each change of its content. All zero where that
 * cannot be relied on: the file changed while it was read, or less than 2 s before (a clock that is
 * not finer would not tell another change); others may write it (through a mapping, a change need
 * not show); it lies on FUSE, where any user says what fstat() says.
 */
struct infile_identity {
	uint64_t device, inode, bytes, mtime_ns, ctime_ns;
};

/* A file of which perhaps not all is needed. All zero: none. */
struct infile {
	const char *path; /* borrowed */
	struct blob bytes;
	bool mapped; /* after its head, it is the file that lies there, and fd is open */
	int fd;
	struct infile_identity id; /* of what has been read */
};

/*
 * Opens a regular file, of whatever size. Of its bytes, the first INFILE_HEAD_BYTES are read into
 * memory of our own. The rest is mapped: it may change, and raises SIGBUS when it is gone;
 * mapped_path() knows it by @path. Errors: infile_read()'s, but for the size.
 */
int infile_open(const char *path, struct infile *f, struct err *e);

/*
 * Reads the rest, too, to where it was mapped, unless that was done. Errors: the file is larger
 * than @max_bytes; infile_read()'s.
 */
int infile_own(struct infile *f, uint64_t max_bytes, struct err *e);

/* Idempotent. */
void infile_close(struct infile *f);

#endif
