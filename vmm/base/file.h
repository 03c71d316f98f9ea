/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing of whole files. */
#ifndef VMM_BASE_FILE_H
#define VMM_BASE_FILE_H

#include "loader/blob.h"
#include "loader/err.h"

/* Writes all of @bytes. Returns 0 or the errno. Async-signal-safe. */
int file_write_all(int fd, struct blob bytes);

/*
 * Opens a file for writing, and never waits long: it gives up on a FIFO that has no reader after a
 * second. @flags are added to the obvious ones (O_CREAT | O_TRUNC, or none). Returns a blocking
 * descriptor, or -1. Errors name the file: those of open(2); a FIFO that nobody reads.
 */
int file_open_to_write(const char *path, int flags, struct err *e);

/*
 * file_write_all() for a pipe, a terminal or a device: gives up when nothing can be written for a
 * second. Returns 0, the errno, or ETIME. Async-signal-safe.
 */
int file_write_patiently(int fd, struct blob bytes);

/* Writes a whole file, which is created or truncated first. Errors name it. */
int file_write(const char *path, struct blob bytes, struct err *e);

#endif
