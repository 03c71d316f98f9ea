/* SPDX-License-Identifier: BSD-3-Clause */
/* Digests of known files: see cache_alias.h. */
#include "vmm/payload/cache_alias.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* The content of an alias file. Its name is made from the identity, but only the content counts. */
struct alias {
	char magic[8];
	struct infile_identity id;
	uint64_t packed_bytes;
	struct digest key;
	uint64_t digest64; /* of all fields above */
};

_Static_assert(sizeof(struct alias) ==
		       8 + sizeof(struct infile_identity) + 8 + sizeof(struct digest) + 8,
	       "there is no padding, which would be compared and written");

static const char magic[8] = "MVMMALI1";

static uint64_t digest_of(const struct alias *a)
{
	return digest64((struct blob){(const uint8_t *)a, offsetof(struct alias, digest64)});
}

/* The fields that both functions know, and the name of the alias file. */
static void begin(struct alias *a, const struct infile_identity *id, uint64_t packed_bytes,
		  char name[CACHE_NAME_BYTES])
{
	*a = (struct alias){.id = *id, .packed_bytes = packed_bytes};
	memcpy(a->magic, magic, sizeof(magic));
	snprintf(name, CACHE_NAME_BYTES, "alias-%016" PRIx64,
		 digest64((struct blob){(const uint8_t *)&a->id, sizeof(a->id)}));
}

bool cache_alias_find(struct cache *c, const struct infile_identity *id, uint64_t packed_bytes,
		      struct digest *key)
{
	char name[CACHE_NAME_BYTES];
	struct alias wanted, found;
	struct stat st;

	if (!id->inode)
		return false;
	begin(&wanted, id, packed_bytes, name);
	int fd = cache_open_file(c, name, &st);
	if (fd < 0)
		return false;
	bool whole = st.st_size == sizeof(found) &&
		     pread(fd, &found, sizeof(found), 0) == sizeof(found) &&
		     found.digest64 == digest_of(&found);
	close(fd);
	if (!whole)
		cache_remove_file(c, name);
	if (!whole || memcmp(&found, &wanted, offsetof(struct alias, key)) != 0)
		return false;
	*key = found.key;
	return true;
}

void cache_alias_note(const struct cache *c, const struct infile_identity *id,
		      uint64_t packed_bytes, const struct digest *key)
{
	char name[CACHE_NAME_BYTES];
	struct alias a;

	if (c->dir_fd < 0 || !id->inode)
		return;
	begin(&a, id, packed_bytes, name);
	a.key = *key;
	a.digest64 = digest_of(&a);
	const struct blob all = {(const uint8_t *)&a, sizeof(a)};
	(void)cache_write_file(c, name, &all, 1);
}
