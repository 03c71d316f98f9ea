/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The digest of what is packed in a file, without reading that again: it is noted in the cache, by
 * the file's identity.
 */
#ifndef VMM_PAYLOAD_CACHE_ALIAS_H
#define VMM_PAYLOAD_CACHE_ALIAS_H

#include "vmm/payload/cache_folder.h"
#include "vmm/payload/digest.h"
#include "vmm/payload/infile.h"

/*
 * True when a digest was noted for the file @id, and for @packed_bytes packed bytes in it. Where in
 * the file these lie depends on its content alone, and that is the same.
 */
bool cache_alias_find(struct cache *c, const struct infile_identity *id, uint64_t packed_bytes,
		      struct digest *key);

/* Notes it. Nothing happens for a file whose identity is not known. */
void cache_alias_note(const struct cache *c, const struct infile_identity *id,
		      uint64_t packed_bytes, const struct digest *key);

#endif
