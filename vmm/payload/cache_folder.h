/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folder of the cache, and the files in it. Its content is loaded into guests, so everything in
 * it must belong to the user that minivmm runs as, and nobody else may write to it. Below
 * $XDG_CACHE_HOME or $HOME, no symbolic link is followed. If any of this is violated, there is no
 * cache, and @problem says why.
 */
#ifndef VMM_PAYLOAD_CACHE_FOLDER_H
#define VMM_PAYLOAD_CACHE_FOLDER_H

#include "loader/blob.h"
#include "loader/err.h"

#include <limits.h>
#include <sys/stat.h>

enum {
	CACHE_NAME_BYTES = 80,
	CACHE_PATH_BYTES = PATH_MAX + CACHE_NAME_BYTES, /* of a file in the cache */
	CACHE_MAX_BYTES = 512 << 20,                    /* of all files together */
};

struct cache {
	int dir_fd;          /* owned; -1: no cache */
	char path[PATH_MAX]; /* of the folder */
	struct err problem;  /* why there is no cache; else "" */
};

/* Opens the folder; creates it and its parents if they are missing. */
void cache_open(struct cache *c);

/* Idempotent. */
void cache_close(struct cache *c);

/*
 * Opens the file @name for reading, and fills *@st. Returns its descriptor, or -1 when it does not
 * exist. Anything but a regular file of our own also gives -1, and ends the use of the cache.
 */
int cache_open_file(struct cache *c, const char *name, struct stat *st);

/* Removes a damaged file. */
void cache_remove_file(const struct cache *c, const char *name);

/*
 * Writes @n parts as the file @name, and replaces an existing one. The least recently used files
 * are removed to make room; only files with names of ours are counted and removed. False: it could
 * not be stored. There must be a cache.
 */
bool cache_write_file(const struct cache *c, const char *name, const struct blob *parts,
		      unsigned n);

#endif
