/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a file's packed bytes have as their digest, without reading them again: a note in the cache
 * by the file's identity.
 */
#ifndef VMM_CACHE_ALIAS_H
#define VMM_CACHE_ALIAS_H

#include "vmm/cache_folder.h"
#include "vmm/digest.h"
#include "vmm/infile.h"

/*
 * True when the digest of @packed_bytes bytes of the file @id was noted. Which of its bytes they
 * are, the file itself says.
 */
bool cache_alias_find(struct cache *c, const struct infile_identity *id, uint64_t packed_bytes,
		      struct digest *key);

/* Notes it. Nothing happens for a file whose identity is not known. */
void cache_alias_note(const struct cache *c, const struct infile_identity *id,
		      uint64_t packed_bytes, const struct digest *key);

#endif
