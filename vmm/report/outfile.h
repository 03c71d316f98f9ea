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
	int fd;                  /* what is written to */
	int dir_fd;              /* -1: @path is a pipe, a device: written directly, and once */
	char name[NAME_MAX + 1]; /* in that folder */
	char temp[32];           /* the name until it is complete */
};

/*
 * Creates the file beside @path, in its folder; a symbolic link is followed. What @path held is
 * removed: it is another run's. Errors: what open(2) says.
 */
int outfile_open(struct outfile *o, const char *path, struct err *e);

/*
 * Makes @data the file's content, and sees that it is on the disk. For a file it may be called
 * again. Errors:
 * what write(2) and fsync(2) say. These and outfile_commit() open nothing.
 */
int outfile_write(struct outfile *o, const void *data, size_t n, struct err *e);

/* Gives the written file its name, and closes it. Error: what rename(2) says. */
int outfile_commit(struct outfile *o, struct err *e);

/* Removes what was not committed. Nothing happens without an open file. */
void outfile_discard(struct outfile *o);

/*
 * outfile_write() and outfile_commit() from a signal handler, as far as it goes: the last words of
 * a process that dies.
 */
void outfile_last_words(struct outfile *o, const char *data, size_t n);

#endif
