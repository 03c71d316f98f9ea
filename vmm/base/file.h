/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files that are written. */
#ifndef VMM_BASE_FILE_H
#define VMM_BASE_FILE_H

#include "loader/blob.h"
#include "loader/err.h"

/* Writes all of @bytes. Returns 0 or the errno. Also for a signal handler. */
int file_write_all(int fd, struct blob bytes);

/*
 * Opens a file to be written, and never waits long: a FIFO has a second to get a reader. @flags are
 * added to the obvious ones (O_CREAT | O_TRUNC, or none). Returns a blocking descriptor, or -1.
 * Errors name the file: what open(2) says; a FIFO that nobody reads.
 */
int file_open_to_write(const char *path, int flags, struct err *e);

/*
 * file_write_all() to a pipe, a terminal, a device: gives up when it takes nothing for a second.
 * Returns 0, the errno, or ETIME. Async-signal-safe.
 */
int file_write_patiently(int fd, struct blob bytes);

/* Writes a whole file, which is created or emptied first. Errors name it. */
int file_write(const char *path, struct blob bytes, struct err *e);

#endif
