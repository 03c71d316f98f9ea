/* SPDX-License-Identifier: BSD-3-Clause */
/* The folder of the cache: see cache_folder.h. */
#include "vmm/payload/cache_folder.h"

#include "vmm/base/clock.h"
#include "vmm/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK_BYTES = 4096 }; /* the space that the smallest file takes on a disk */

/*
 * The names of our files: an unpacked kernel, an alias, a file that is being written; and, from
 * earlier versions, an unpacked kernel that was named by its XXH64.
 */
static const char own_names[] = "^(kernel-[0-9a-f]{64}|alias-[0-9a-f]{16}|new[.][0-9]+[.][0-9a-f]+|"
				"[0-9a-f]{16}-[0-9a-f]+)$";

/* A folder on the way to ours. */
struct step {
	const char *name;
	mode_t refused; /* permissions that it must not have */
};

static const struct step steps[] = {
	{".cache", 0}, /* others may write to it: the owner of each folder below is checked */
	{"minivmm", S_IWGRP | S_IWOTH},
	{"unpacked", S_IWGRP | S_IWOTH},
};

void cache_close(struct cache *c)
{
	if (c->dir_fd >= 0)
		close(c->dir_fd);
	c->dir_fd = -1;
}

/* Owned by us, and writable by nobody else. */
static int check_owner(const char *path, const struct stat *st, mode_t refused, struct err *e)
{
	if (st->st_uid != geteuid())
		return err_set(e, "%s: its owner is %u, expected %u", path, st->st_uid, geteuid());
	if (st->st_mode & refused)
		return err_set(e, "%s: its mode is %04o, expected at most 0755 (chmod go-w)", path,
			       st->st_mode & 07777);
	return 0;
}

/* The errno of open() for a symbolic link does not tell the user that it is one. */
static int open_error(const char *path, int error, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		return err_set(e,
			       "%s: this is a symbolic link, expected none; XDG_CACHE_HOME may "
			       "name a folder elsewhere",
			       path);
	return err_set(e, "%s: %s", path, strerror(error));
}

/* Goes one folder down. */
static int go_down(struct cache *c, const struct step *s, struct err *e)
{
	size_t at = strlen(c->path);
	struct stat st;

	if (snprintf(c->path + at, sizeof(c->path) - at, "/%s", s->name) >=
	    (int)(sizeof(c->path) - at))
		return err_set(e, "%s: %s", c->path, strerror(ENAMETOOLONG));
	(void)mkdirat(c->dir_fd, s->name, 0700);
	int below = openat(c->dir_fd, s->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below < 0)
		return open_error(c->path, errno, e);
	close(c->dir_fd);
	c->dir_fd = below;
	if (fstat(below, &st))
		return err_set(e, "%s: %s", c->path, strerror(errno));
	return check_owner(c->path, &st, s->refused, e);
}

/* The folder that the user named: it may be a link, and belong to anybody. */
static int open_base(struct cache *c, const char *base, struct err *e)
{
	if (!base || base[0] != '/')
		return err_set(e, "HOME is no absolute path");
	if (snprintf(c->path, sizeof(c->path), "%s", base) >= (int)sizeof(c->path))
		return err_set(e, "%s: %s", base, strerror(ENAMETOOLONG));
	(void)mkdir(base, 0700);
	c->dir_fd = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->dir_fd < 0 ? err_set(e, "%s: %s", base, strerror(errno)) : 0;
}

void cache_open(struct cache *c)
{
	const char *base = getenv("XDG_CACHE_HOME");
	/* It replaces ~/.cache; a relative path must be ignored (XDG Base Directory). */
	size_t i = base && base[0] == '/' ? 1 : 0;

	*c = (struct cache){.dir_fd = -1};
	int error = open_base(c, i ? base : getenv("HOME"), &c->problem);
	for (; !error && i < sizeof(steps) / sizeof(steps[0]); i++)
		error = go_down(c, &steps[i], &c->problem);
	if (error)
		cache_close(c);
}

static int check_file(const char *path, const struct stat *st, struct err *e)
{
	if (!S_ISREG(st->st_mode))
		return err_set(e, "%s: its mode is %07o, expected a regular file", path,
			       st->st_mode);
	/* 0 links: it was removed in the meantime, and is complete. */
	if (st->st_nlink > 1)
		return err_set(e, "%s: it has %lu links, expected 1", path,
			       (unsigned long)st->st_nlink);
	return check_owner(path, st, S_IWGRP | S_IWOTH, e);
}

int cache_open_file(struct cache *c, const char *name, struct stat *st)
{
	char path[CACHE_PATH_BYTES];
	int error;

	if (c->dir_fd < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/%s", c->path, name);
	int fd = openat(c->dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0)
		error = open_error(path, errno, &c->problem);
	else if (fstat(fd, st))
		error = err_set(&c->problem, "%s: %s", path, strerror(errno));
	else
		error = check_file(path, st, &c->problem);
	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	cache_close(c);
	return -1;
}

void cache_remove_file(const struct cache *c, const char *name)
{
	(void)unlinkat(c->dir_fd, name, 0);
}

/* The size of all files together, and the least recently used one. */
struct survey {
	uint64_t bytes;
	struct timespec oldest;
	char name[CACHE_NAME_BYTES];
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
	s->bytes += st.st_size < BLOCK_BYTES ? BLOCK_BYTES : (uint64_t)st.st_size;
	if (s->name[0] && !is_before(&st.st_mtim, &s->oldest))
		return;
	s->oldest = st.st_mtim;
	memcpy(s->name, name, bytes);
}

static bool survey(const struct cache *c, const regex_t *names, struct survey *s)
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
		if (regexec(names, d->d_name, 0, NULL, 0) == 0)
			look_at(c->dir_fd, d->d_name, s);
	closedir(dir);
	return true;
}

/* This also removes the temporary files of a minivmm that was killed. */
static bool make_room(const struct cache *c, uint64_t bytes)
{
	bool fits = false;
	struct survey s;
	regex_t names;

	if (bytes > CACHE_MAX_BYTES || regcomp(&names, own_names, REG_EXTENDED | REG_NOSUB))
		return false;
	while (survey(c, &names, &s)) {
		fits = s.bytes <= CACHE_MAX_BYTES - bytes;
		if (fits || (unlinkat(c->dir_fd, s.name, 0) && errno != ENOENT))
			break;
	}
	regfree(&names);
	return fits;
}

static bool write_parts(int fd, const struct blob *parts, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (file_write_all(fd, parts[i]))
			return false;
	return true;
}

bool cache_write_file(const struct cache *c, const char *name, const struct blob *parts, unsigned n)
{
	char temporary[CACHE_NAME_BYTES];
	uint64_t bytes = 0;

	for (unsigned i = 0; i < n; i++)
		bytes += parts[i].size;
	if (!make_room(c, bytes))
		return false;
	/* A process in another PID namespace may have the same number. */
	snprintf(temporary, sizeof(temporary), "new.%ld.%" PRIx64, (long)getpid(), clock_now_ns());
	int fd = openat(c->dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	/* No fsync(): after a power cut, the digest shows whether the file is complete. */
	bool good = write_parts(fd, parts, n);
	good = !close(fd) && good;
	if (good && !renameat(c->dir_fd, temporary, c->dir_fd, name))
		return true;
	cache_remove_file(c, temporary);
	return false;
}
