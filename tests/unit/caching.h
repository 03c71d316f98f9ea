/* SPDX-License-Identifier: BSD-3-Clause */
/* What the suites about the cache share: a cache in a folder of its own, and what is in it. */
#ifndef TESTS_UNIT_CACHING_H
#define TESTS_UNIT_CACHING_H

#include "suite.h"
#include "vmm/payload/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char base[] = "/tmp/test_cache.XXXXXX"; /* $XDG_CACHE_HOME */
static char folder[128];
static struct cache cache;
static const struct digest key = {"some key"}, other_key = {"other key"};

static inline void setup(void)
{
	umask(022);
	strcpy(base + sizeof(base) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(base));
	snprintf(folder, sizeof(folder), "%s/minivmm/unpacked", base);
	setenv("XDG_CACHE_HOME", base, 1);
	cache_open(&cache);
	ck_assert_msg(cache.dir_fd >= 0, "%s", cache.problem.text);
}

static inline void teardown(void)
{
	char command[256];
	cache_close(&cache);
	snprintf(command, sizeof(command), "rm -rf '%s'", base);
	ck_assert_int_eq(system(command), 0);
}

/* What a test does to the folders or files of the cache, by a shell in @base. */
static inline void in_base(const char *command)
{
	char line[1024];
	snprintf(line, sizeof(line), "cd '%s' && { %s; }", base, command);
	ck_assert_msg(system(line) == 0, "%s", line);
}

static inline struct blob text(const char *s)
{
	return (struct blob){(const uint8_t *)s, strlen(s)};
}

/* The files, and in @path one of them. */
static inline unsigned files(char path[512])
{
	unsigned n = 0;
	DIR *dir = opendir(folder);
	ck_assert_ptr_nonnull(dir);
	for (const struct dirent *d; (d = readdir(dir));)
		if (d->d_name[0] != '.') {
			snprintf(path, 512, "%s/%s", folder, d->d_name);
			n++;
		}
	closedir(dir);
	return n;
}

static inline bool is_there(const char *name)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

#endif
