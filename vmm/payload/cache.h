/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unpacked kernels on disk, in $XDG_CACHE_HOME/minivmm/unpacked (~/.cache without that variable): a
 * file each, named by the digest of the packed bytes. Many minivmm may use it at once. Whatever is
 * wrong with it costs time and nothing else: what is damaged is not used but removed, what is not
 * ours is not used, and where nothing can be kept, nothing is.
 */
#ifndef VMM_PAYLOAD_CACHE_H
#define VMM_PAYLOAD_CACHE_H

#include "vmm/payload/cache_folder.h"
#include "vmm/payload/digest.h"

/* What a file holds, mapped. It stays where it is until cached_free(). */
struct cached {
	struct blob mapping;         /* size 0: nothing */
	struct blob data;            /* of it, what was kept */
	char path[CACHE_PATH_BYTES]; /* by which mapped_path() knows it */
};

/*
 * True when what was kept by @key, the digest of the packed bytes, is there, whole; then the caller
 * calls cached_free().
 */
bool cache_get(struct cache *c, const struct digest *key, struct cached *out);
void cached_free(struct cached *c);

/* Keeps @data by @key. False: it could not be kept. */
bool cache_put(const struct cache *c, const struct digest *key, struct blob data);

#endif
