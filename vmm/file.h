/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files: mapped to be read, or written. */
#ifndef VMM_FILE_H
#define VMM_FILE_H

#include "loader/blob.h"
#include "loader/err.h"

/*
 * Maps a whole regular file, read-only. Errors name the file: it cannot be opened, is not a regular
 * file (a directory, a FIFO: never waited for), is empty.
 */
int file_map(const char *path, struct blob *file, struct err *e);
void file_unmap(struct blob *file);

/* Writes all of @bytes. Returns 0 or the errno. Also for a signal handler. */
int file_write_all(int fd, struct blob bytes);

/* Writes a whole file, which is created or emptied first. Errors name it. */
int file_write(const char *path, struct blob bytes, struct err *e);

#endif
