/* SPDX-License-Identifier: BSD-3-Clause */
/* Unpacked kernels on disk: see cache.h. */
#include "vmm/payload/cache.h"

#include "vmm/base/mapped.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { USED_SECONDS = 3600 };

/* After the data, so that the data begins on a page. */
struct trailer {
	char magic[8];
	uint64_t bytes;    /* of the data */
	uint64_t digest64; /* of the data */
	struct digest key; /* so that a renamed file is not mistaken for another */
};

static const char magic[8] = "MVMMUNP2";

static void make_name(const struct digest *key, char name[CACHE_NAME_BYTES])
{
	int at = snprintf(name, CACHE_NAME_BYTES, "kernel-");

	for (size_t i = 0; i < sizeof(key->bytes); i++)
		at += snprintf(name + at, (size_t)(CACHE_NAME_BYTES - at), "%02x", key->bytes[i]);
}

/* A file is mapped only after its trailer has shown that cache_put() wrote all of it, for @key. */
static bool read_trailer(int fd, const struct stat *st, const struct digest *key, struct trailer *t)
{
	const off_t bytes = sizeof(*t);

	return st->st_size > bytes && st->st_size <= CACHE_MAX_BYTES &&
	       pread(fd, t, sizeof(*t), st->st_size - bytes) == bytes &&
	       memcmp(t->magic, magic, sizeof(magic)) == 0 &&
	       t->bytes == (uint64_t)(st->st_size - bytes) &&
	       memcmp(&t->key, key, sizeof(*key)) == 0;
}

/* A file that cannot be mapped is not necessarily damaged; errno is not 0 in that case. */
static bool map(int fd, const struct stat *st, const struct trailer *t, struct cached *c)
{
	/* Populated, because a fault for every few pages takes longer than reading them. */
	void *data = mmap(NULL, (size_t)st->st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);

	if (data == MAP_FAILED)
		return false;
	errno = 0;
	c->mapping = (struct blob){data, (size_t)st->st_size};
	c->data = (struct blob){data, (size_t)t->bytes};
	mapped_add(c->mapping, c->path);
	return digest64(c->data) == t->digest64;
}

bool cache_get(struct cache *c, const struct digest *key, struct cached *out)
{
	char name[CACHE_NAME_BYTES];
	struct trailer t;
	struct stat st;

	*out = (struct cached){0};
	make_name(key, name);
	int fd = cache_open_file(c, name, &st);
	if (fd < 0)
		return false;
	snprintf(out->path, sizeof(out->path), "%s/%s", c->path, name);
	errno = 0;
	bool good = read_trailer(fd, &st, key, &t) && map(fd, &st, &t, out);
	bool damaged = !good && !errno;
	if (good && st.st_mtime + USED_SECONDS < time(NULL))
		(void)futimens(fd, NULL); /* used now; the oldest files are removed first */
	close(fd);
	if (!good)
		cached_free(out);
	if (damaged)
		cache_remove_file(c, name);
	return good;
}

void cached_free(struct cached *c)
{
	mapped_remove(c->mapping);
	if (c->mapping.size)
		munmap((void *)(uintptr_t)c->mapping.data, c->mapping.size);
	c->mapping = c->data = (struct blob){NULL, 0};
}

bool cache_put(const struct cache *c, const struct digest *key, struct blob data)
{
	struct trailer t = {.bytes = data.size, .key = *key};
	const struct blob parts[] = {data, {(const uint8_t *)&t, sizeof(t)}};
	char name[CACHE_NAME_BYTES];

	if (c->dir_fd < 0)
		return false;
	t.digest64 = digest64(data);
	memcpy(t.magic, magic, sizeof(magic));
	make_name(key, name);
	return cache_write_file(c, name, parts, 2);
}
