/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folder of the cache, and the files in it. What is read there is loaded into guests, so all of
 * it must be ours: it belongs to the user that we are, and nobody else may write it. Below
 * $XDG_CACHE_HOME or $HOME, no symbolic link is followed. Otherwise there is no cache, and it is
 * said why.
 */
#ifndef VMM_PAYLOAD_CACHE_FOLDER_H
#define VMM_PAYLOAD_CACHE_FOLDER_H

#include "loader/blob.h"
#include "loader/err.h"

#include <limits.h>
#include <sys/stat.h>

enum {
	CACHE_NAME_BYTES = 80,
	CACHE_PATH_BYTES = PATH_MAX + CACHE_NAME_BYTES, /* of a file in it */
	CACHE_MAX_BYTES = 512 << 20,                    /* of all files together */
};

struct cache {
	int dir_fd;          /* owned; -1: no cache */
	char path[PATH_MAX]; /* of the folder */
	struct err problem;  /* why there is none; else "" */
};

/* Makes the folders where they are missing. */
void cache_open(struct cache *c);

/* Idempotent. */
void cache_close(struct cache *c);

/*
 * The file @name, to be read. Returns a descriptor of a regular file that is ours, with @st; or -1
 * when it is not there. One that is no such file ends the use of the cache, with -1.
 */
int cache_open_file(struct cache *c, const char *name, struct stat *st);

/* Removes what is damaged. */
void cache_remove_file(const struct cache *c, const char *name);

/*
 * Writes @n parts as the file @name, in place of one that was there. Those that were not used for
 * the longest time go to make room. Only files with names that we make are counted and removed.
 * False: it could not be kept. There must be a cache.
 */
bool cache_write_file(const struct cache *c, const char *name, const struct blob *parts,
		      unsigned n);

#endif
