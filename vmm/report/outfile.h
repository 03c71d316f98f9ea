/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that appears complete or not at all: it is written under a temporary name in the same
 * folder, synchronised, and then renamed.
 */
#ifndef VMM_REPORT_OUTFILE_H
#define VMM_REPORT_OUTFILE_H

#include "loader/err.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct outfile {
	const char *path;        /* borrowed, as the user wrote it; NULL: not open */
	int fd;                  /* the file to write to; -1: not created yet */
	int dir_fd;              /* its folder; -1: @path is a pipe or device, written to once */
	bool begun;              /* a pipe or a device: something was written */
	char name[NAME_MAX + 1]; /* in that folder */
	char temp[32];           /* its name until it is complete */
};

/*
 * Opens the folder of @path or, if @path is a pipe or a device, that; follows a symbolic link.
 * Errors: those of open(2); a FIFO that nobody reads.
 */
int outfile_open(struct outfile *o, const char *path, struct err *e);

/*
 * Creates the temporary file, and removes an older file of the final name, which another run wrote.
 * The caller must have ensured before that outfile_remove() is called in any event. Does nothing to
 * a pipe or a device. Errors: those of open(2) and unlink(2); the caller then calls
 * outfile_remove() and outfile_close().
 */
int outfile_create(struct outfile *o, struct err *e);

/*
 * Writes @data as the whole content of the file, and synchronises it with the disk. May be called
 * again for a regular file. Gives up on a pipe or device that takes nothing for a second. Opens
 * nothing. Errors: those of write(2) and fsync(2); nobody reads.
 */
int outfile_write(struct outfile *o, const void *data, size_t n, struct err *e);

/* outfile_write() without a message: returns 0 or the errno. Async-signal-safe. */
int outfile_put(struct outfile *o, const void *data, size_t n);

/*
 * Gives the written file its final name. Returns 0 or the errno of rename(2). Once minivmm runs a
 * guest, only the namer (namer.h) may call this and outfile_remove().
 */
int outfile_name(struct outfile *o);

/* Synchronises the folder, and so the name, with the disk, if the filesystem can. */
void outfile_sync_folder(struct outfile *o);

/* Removes the temporary file, if there is one. */
void outfile_remove(struct outfile *o);

/* Closes the descriptors, if any are open. The file is not changed. */
void outfile_close(struct outfile *o);

#endif
