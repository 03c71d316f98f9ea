/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A cache of unpacked kernels on disk, in $XDG_CACHE_HOME/minivmm/unpacked
 * (~/.cache/minivmm/unpacked without that variable). Each kernel is a file, named by the digest of
 * the packed bytes. Several minivmm may use the cache at once. A problem with it costs time and
 * nothing else: a damaged file is removed, a file of another user is not used, and without a usable
 * folder nothing is stored.
 */
#ifndef VMM_PAYLOAD_CACHE_H
#define VMM_PAYLOAD_CACHE_H

#include "vmm/payload/cache_folder.h"
#include "vmm/payload/digest.h"

/* The mapped content of a cache file. It must not be moved until cached_free(). */
struct cached {
	struct blob mapping;         /* size 0: nothing */
	struct blob data;            /* the part of the mapping that is the kernel */
	char path[CACHE_PATH_BYTES]; /* what mapped_path() returns for it */
};

/*
 * Looks up @key, the digest of the packed bytes. True when the cache has the complete kernel; the
 * caller then calls cached_free().
 */
bool cache_get(struct cache *c, const struct digest *key, struct cached *out);
void cached_free(struct cached *c);

/* Stores @data under @key. False: it could not be stored. */
bool cache_put(const struct cache *c, const struct digest *key, struct blob data);

#endif
