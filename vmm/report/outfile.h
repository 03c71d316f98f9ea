/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that appears complete or not at all: written beside its place, synchronised, renamed.
 */
#ifndef VMM_REPORT_OUTFILE_H
#define VMM_REPORT_OUTFILE_H

#include "loader/err.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct outfile {
	const char *path;        /* borrowed, as the user wrote it; NULL: not open */
	int fd;                  /* what is written to; -1: not created yet */
	int dir_fd;              /* -1: @path is a pipe, a device: written directly, and once */
	bool begun;              /* a pipe or a device: something was written */
	char name[NAME_MAX + 1]; /* in that folder */
	char temp[32];           /* the name until it is complete */
};

/*
 * Opens the folder of @path, or the pipe or the device that it is; a symbolic link is followed.
 * Errors: what open(2) says; a FIFO that nobody reads.
 */
int outfile_open(struct outfile *o, const char *path, struct err *e);

/*
 * Creates the file beside its place, and removes what that held: it is another run's. Whoever sees
 * to outfile_remove() in all events is ready before. Nothing happens to a pipe or a device. Errors:
 * what open(2) and unlink(2) say; the caller calls outfile_remove() and outfile_close().
 */
int outfile_create(struct outfile *o, struct err *e);

/*
 * Makes @data the file's content, and sees that it is on the disk. For a file it may be called
 * again; a pipe or device whose reader takes nothing for a second is given up. Opens nothing.
 * Errors: what write(2) and fsync(2) say; nobody reads.
 */
int outfile_write(struct outfile *o, const void *data, size_t n, struct err *e);

/* outfile_write() without a text: 0 or the errno. Async-signal-safe. */
int outfile_put(struct outfile *o, const void *data, size_t n);

/*
 * Gives the written file its name. Returns 0 or the errno of rename(2). This and outfile_remove()
 * are namer.h's to call, once minivmm runs a guest.
 */
int outfile_name(struct outfile *o);

/* Sees that the name is on the disk, as far as the filesystem can. */
void outfile_sync_folder(struct outfile *o);

/* Removes the file that has no name yet, if there is one. */
void outfile_remove(struct outfile *o);

/* Closes what is open, if anything is; the file stays as it is. */
void outfile_close(struct outfile *o);

#endif
