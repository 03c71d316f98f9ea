/* SPDX-License-Identifier: BSD-3-Clause */
/* The newc archive builder: see cpio.h. */
#include "loader/cpio.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

/* "070701" and 13 fields of 8 hexadecimal digits. The name follows with its NUL. */
enum { HEADER_BYTES = 6 + 13 * 8, ALIGN = 4, BLOCK = 512 };

static const char trailer[] = "TRAILER!!!";

struct entry {
	const char *name;  /* measured once */
	size_t name_bytes; /* with its NUL */
	uint32_t inode, mode;
	uint32_t major, minor; /* of a device */
	struct blob data;
};

/* True when the sum of both, rounded up to @align, fits size_t; then it is *@out. */
static bool add_round(size_t a, size_t b, size_t align, size_t *out)
{
	if (__builtin_add_overflow(a, b, &a) || __builtin_add_overflow(a, align - 1, &a))
		return false;
	*out = a & ~(align - 1);
	return true;
}

void cpio_init(struct cpio *c, uint8_t *dst, size_t capacity)
{
	*c = (struct cpio){.dst = dst, .capacity = capacity};
}

/* Header, name and data at @at, with zeros up to @end. */
static void write_entry(uint8_t *at, const uint8_t *end, const struct entry *n)
{
	uint8_t *data = at + (HEADER_BYTES + n->name_bytes + ALIGN - 1) / ALIGN * ALIGN;
	char header[HEADER_BYTES + 1];

	/* ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize
	 * check */
	snprintf(header, sizeof(header),
		 "070701%08" PRIX32 "%08" PRIX32 "%08X%08X%08X%08X%08" PRIX32 "%08X%08X%08" PRIX32
		 "%08" PRIX32 "%08" PRIX32 "%08X",
		 n->inode, n->mode, 0U, 0U, 1U, 0U, (uint32_t)n->data.size, 0U, 0U, n->major,
		 n->minor, (uint32_t)n->name_bytes, 0U);
	memset(at, 0, (size_t)(data - at));
	memcpy(at, header, HEADER_BYTES);
	memcpy(at + HEADER_BYTES, n->name, n->name_bytes - 1);
	if (n->data.size)
		memcpy(data, n->data.data, n->data.size);
	memset(data + n->data.size, 0, (size_t)(end - data) - n->data.size);
}

/* Appends @n, with zeros to a multiple of @align bytes. */
static int append(struct cpio *c, const struct entry *n, size_t align, struct err *e)
{
	size_t end;

	if (!add_round(c->used, HEADER_BYTES + n->name_bytes, ALIGN, &end) ||
	    !add_round(end, n->data.size, align, &end) || (c->dst && end > c->capacity))
		return err_set(e,
			       "cpio: no room for '%.*s' with %zu bytes at offset %zu: the buffer "
			       "has %zu",
			       (int)n->name_bytes - 1, n->name, n->data.size, c->used,
			       c->dst ? c->capacity : SIZE_MAX);
	if (c->dst)
		write_entry(c->dst + c->used, c->dst + end, n);
	c->used = end;
	c->inode = n->inode;
	return 0;
}

static int add(struct cpio *c, struct entry n, struct err *e)
{
	size_t length = strlen(n.name);

	if (!length)
		return err_set(e, "cpio: an entry's name is empty");
	if (n.name[0] == '/')
		return err_set(e, "cpio: the name '%.64s' starts with '/'", n.name);
	if (length > CPIO_NAME_MAX)
		return err_set(e, "cpio: the name '%.64s...' has %zu characters, the most is %d",
			       n.name, length, CPIO_NAME_MAX);
	if (n.data.size > UINT32_MAX)
		return err_set(e, "cpio: '%.*s' has %zu bytes, the most is %" PRIu32, (int)length,
			       n.name, n.data.size, UINT32_MAX);
	n.name_bytes = length + 1;
	n.inode = c->inode + 1;
	return append(c, &n, ALIGN, e);
}

int cpio_add_file(struct cpio *c, const char *name, uint32_t mode, struct blob data, struct err *e)
{
	return add(c, (struct entry){.name = name, .mode = S_IFREG | (mode & 07777), .data = data},
		   e);
}

int cpio_add_dir(struct cpio *c, const char *name, uint32_t mode, struct err *e)
{
	return add(c, (struct entry){.name = name, .mode = S_IFDIR | (mode & 07777)}, e);
}

int cpio_add_device(struct cpio *c, const char *name, uint32_t mode, uint32_t major, uint32_t minor,
		    struct err *e)
{
	return add(c,
		   (struct entry){.name = name,
				  .mode = S_IFCHR | (mode & 07777),
				  .major = major,
				  .minor = minor},
		   e);
}

int cpio_finish(struct cpio *c, struct err *e)
{
	struct entry n = {.name = trailer, .name_bytes = sizeof(trailer)};
	return append(c, &n, BLOCK, e);
}
