/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unpacked kernels on disk, in $XDG_CACHE_HOME/minivmm/unpacked (~/.cache without that variable): a
 * file each, named by the digest and the size of the packed bytes. Many minivmm may use it at once.
 * Whatever is wrong with it costs time and nothing else: what is damaged is not used but removed,
 * and where nothing can be kept, nothing is.
 */
#ifndef VMM_CACHE_H
#define VMM_CACHE_H

#include "loader/blob.h"

struct cache {
	int dir_fd; /* owned; -1: no cache */
};

/* What a file holds, mapped. */
struct cached {
	struct blob mapping; /* size 0: nothing */
	struct blob data;    /* of it, what was kept */
};

/* Makes the folders where they are missing. */
void cache_open(struct cache *c);
void cache_close(struct cache *c);

/* True when what @packed unpacks to is there, whole; then the caller calls cached_free(). */
bool cache_get(const struct cache *c, struct blob packed, struct cached *out);
void cached_free(struct cached *c);

/*
 * Keeps @data, what @packed unpacks to. All files together take at most 512 MiB: those that were
 * not used for the longest time go first. False: it could not be kept.
 */
bool cache_put(const struct cache *c, struct blob packed, struct blob data);

#endif
