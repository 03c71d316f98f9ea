/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Aliases: the cache remembers the digest of the packed kernel in a file by the file's identity, so
 * that the packed bytes need not be read again.
 */
#ifndef VMM_PAYLOAD_CACHE_ALIAS_H
#define VMM_PAYLOAD_CACHE_ALIAS_H

#include "vmm/payload/cache_folder.h"
#include "vmm/payload/digest.h"
#include "vmm/payload/infile.h"

/*
 * True when a digest is known for the file @id with @packed_bytes packed bytes. Their place in the
 * file needs no check: it depends on the content alone, and that is the same.
 */
bool cache_alias_find(struct cache *c, const struct infile_identity *id, uint64_t packed_bytes,
		      struct digest *key);

/* Remembers the digest. Does nothing for a file whose identity is not known. */
void cache_alias_note(const struct cache *c, const struct infile_identity *id,
		      uint64_t packed_bytes, const struct digest *key);

#endif
