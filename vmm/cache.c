/* SPDX-License-Identifier: BSD-3-Clause */
/* Unpacked kernels on disk: see cache.h. */
#include "vmm/cache.h"

#include "vmm/clock.h"
#include "vmm/digest.h"
#include "vmm/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAME_BYTES = 64, MAX_BYTES = 512 << 20, USED_SECONDS = 3600 };

/* Behind the data, so that the data begins on a page. */
struct trailer {
	char magic[8];
	uint64_t bytes;  /* of the data */
	uint64_t digest; /* of it */
};

static const char magic[8] = "MVMMUNP1";

/* Below @base, an absolute path. Returns a descriptor or -1. */
static int open_folder(const char *base, const char *const *names, size_t n)
{
	int fd = -1;

	if (base && base[0] == '/') { /* a relative one is to be ignored: XDG Base Directory */
		(void)mkdir(base, 0700);
		fd = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	for (size_t i = 0; i < n && fd >= 0; i++) {
		(void)mkdirat(fd, names[i], 0700);
		int below = openat(fd, names[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = below;
	}
	return fd;
}

void cache_open(struct cache *c)
{
	static const char *const names[] = {".cache", "minivmm", "unpacked"};
	const char *base = getenv("XDG_CACHE_HOME");

	c->dir_fd = base && *base ? open_folder(base, names + 1, 2)
				  : open_folder(getenv("HOME"), names, 3);
}

void cache_close(struct cache *c)
{
	if (c->dir_fd >= 0)
		close(c->dir_fd);
	c->dir_fd = -1;
}

static void make_name(struct blob packed, char name[NAME_BYTES])
{
	snprintf(name, NAME_BYTES, "%016" PRIx64 "-%zx", digest64(packed), packed.size);
}

/* True when the mapping is what cache_put() writes. */
static bool check(struct cached *c)
{
	struct trailer t;

	if (!blob_copy(c->mapping, c->mapping.size - sizeof(t), &t, sizeof(t)) ||
	    memcmp(t.magic, magic, sizeof(magic)) != 0 || t.bytes != c->mapping.size - sizeof(t))
		return false;
	c->data = (struct blob){c->mapping.data, (size_t)t.bytes};
	return digest64(c->data) == t.digest;
}

static bool map(int fd, struct cached *c)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct trailer))
		return false;
	/* Populated: a fault for each few pages would take longer than the pages themselves. */
	void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (data == MAP_FAILED)
		return false;
	c->mapping = (struct blob){data, (size_t)st.st_size};
	if (st.st_mtime + USED_SECONDS < time(NULL))
		(void)futimens(fd, NULL); /* now: make_room() goes by that */
	return true;
}

bool cache_get(const struct cache *c, struct blob packed, struct cached *out)
{
	char name[NAME_BYTES];

	*out = (struct cached){0};
	if (c->dir_fd < 0)
		return false;
	make_name(packed, name);
	int fd = openat(c->dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	bool good = map(fd, out) && check(out);
	close(fd);
	if (!good) {
		cached_free(out);
		(void)unlinkat(c->dir_fd, name, 0);
	}
	return good;
}

void cached_free(struct cached *c)
{
	if (c->mapping.size)
		munmap((void *)(uintptr_t)c->mapping.data, c->mapping.size);
	c->mapping = c->data = (struct blob){NULL, 0};
}

/* All files' sizes, and the one of them that was not used for the longest time. */
struct survey {
	uint64_t bytes;
	struct timespec oldest;
	char name[NAME_BYTES];
};

static bool is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static void look_at(int dir_fd, const char *name, struct survey *s)
{
	size_t bytes = strlen(name) + 1;
	struct stat st;

	if (bytes > sizeof(s->name) || fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode))
		return;
	s->bytes += (uint64_t)st.st_size;
	if (s->name[0] && !is_before(&st.st_mtim, &s->oldest))
		return;
	s->oldest = st.st_mtim;
	memcpy(s->name, name, bytes);
}

static bool survey(const struct cache *c, struct survey *s)
{
	int fd = openat(c->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	*s = (struct survey){0};
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (const struct dirent *d; (d = readdir(dir));)
		look_at(c->dir_fd, d->d_name, s);
	closedir(dir);
	return true;
}

/* Also what minivmm left behind when it was killed goes this way. */
static bool make_room(const struct cache *c, uint64_t bytes)
{
	struct survey s;

	if (bytes > MAX_BYTES)
		return false;
	while (survey(c, &s)) {
		if (s.bytes <= MAX_BYTES - bytes)
			return true;
		if (unlinkat(c->dir_fd, s.name, 0) && errno != ENOENT)
			return false;
	}
	return false;
}

bool cache_put(const struct cache *c, struct blob packed, struct blob data)
{
	struct trailer t = {.bytes = data.size};
	char name[NAME_BYTES], temporary[NAME_BYTES];

	if (c->dir_fd < 0 || !make_room(c, data.size + sizeof(t)))
		return false;
	memcpy(t.magic, magic, sizeof(magic));
	t.digest = digest64(data);
	make_name(packed, name);
	/* A process of another namespace may have the same number. */
	snprintf(temporary, sizeof(temporary), "new.%ld.%" PRIx64, (long)getpid(), clock_now_ns());
	int fd = openat(c->dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	/* No fsync(): what a power cut leaves is told by its digest. */
	bool good = !file_write_all(fd, data) &&
		    !file_write_all(fd, (struct blob){(const uint8_t *)&t, sizeof(t)});
	good = !close(fd) && good;
	if (good && !renameat(c->dir_fd, temporary, c->dir_fd, name))
		return true;
	(void)unlinkat(c->dir_fd, temporary, 0);
	return false;
}
