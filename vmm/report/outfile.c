/* SPDX-License-Identifier: BSD-3-Clause */
/* A file that appears complete or not at all: see outfile.h. */
#include "vmm/report/outfile.h"
#include "vmm/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(const struct outfile *o, struct err *e)
{
	return err_set(e, "%s: %s", o->path, strerror(errno));
}

static int open_special(struct outfile *o, struct err *e)
{
	o->dir_fd = -1;
	o->fd = file_open_to_write(o->path, 0, e);
	return o->fd < 0 ? -1 : 0;
}

/* Opens the folder of @path, and stores the name of the file in it. */
static int open_folder(struct outfile *o, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	int folder_len = slash == path ? 1 : (int)(slash ? slash - path : 1);
	char folder[PATH_MAX];

	if (strlen(name) > NAME_MAX || strlen(path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return failed(o, e);
	}
	memcpy(o->name, name, strlen(name) + 1);
	snprintf(folder, sizeof(folder), "%.*s", folder_len, slash ? path : ".");
	o->dir_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return o->dir_fd < 0 ? failed(o, e) : 0;
}

static void choose_name(struct outfile *o)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)getpid();
	snprintf(o->temp, sizeof(o->temp), ".minivmm-%016llx", (unsigned long long)random);
}

static int open_regular(struct outfile *o, const char *path, struct err *e)
{
	o->fd = -1;
	choose_name(o);
	return open_folder(o, path, e);
}

int outfile_open(struct outfile *o, const char *path, struct err *e)
{
	char real[PATH_MAX];
	struct stat st;
	int error = 0;

	*o = (struct outfile){.path = path};
	/* stat() first: /dev/stderr may lead to a pipe, which realpath() does not find. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		error = open_special(o, e);
	else if (realpath(path, real))
		error = open_regular(o, real, e);
	else /* most likely, it does not exist yet */
		error = open_regular(o, path, e);
	if (error)
		o->path = NULL;
	return error;
}

int outfile_create(struct outfile *o, struct err *e)
{
	if (!o->path || o->dir_fd < 0)
		return 0;
	o->fd = openat(o->dir_fd, o->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (o->fd < 0 || (unlinkat(o->dir_fd, o->name, 0) && errno != ENOENT))
		return failed(o, e);
	return 0;
}

/* Replaces the content of a regular file. */
static int put_file(struct outfile *o, struct blob bytes)
{
	if (ftruncate(o->fd, 0) || lseek(o->fd, 0, SEEK_SET) < 0)
		return errno;
	int error = file_write_all(o->fd, bytes);
	return error ? error : fsync(o->fd) ? errno : 0;
}

int outfile_put(struct outfile *o, const void *data, size_t n)
{
	struct blob bytes = {data, n};

	if (o->dir_fd >= 0)
		return put_file(o, bytes);
	if (o->begun)
		return EALREADY;
	o->begun = true;
	return file_write_patiently(o->fd, bytes);
}

int outfile_write(struct outfile *o, const void *data, size_t n, struct err *e)
{
	int error = outfile_put(o, data, n);

	if (error == ETIME)
		return err_set(e, "%s: nobody reads it", o->path);
	return error ? err_set(e, "%s: %s", o->path, strerror(error)) : 0;
}

int outfile_name(struct outfile *o)
{
	if (o->dir_fd < 0)
		return 0;
	if (renameat(o->dir_fd, o->temp, o->dir_fd, o->name))
		return errno;
	return 0;
}

void outfile_sync_folder(struct outfile *o)
{
	if (o->path && o->dir_fd >= 0)
		fsync(o->dir_fd); /* some filesystems cannot; the content is on the disk already */
}

void outfile_remove(struct outfile *o)
{
	if (o->path && o->dir_fd >= 0)
		unlinkat(o->dir_fd, o->temp, 0);
}

void outfile_close(struct outfile *o)
{
	if (!o->path)
		return;
	if (o->fd >= 0)
		close(o->fd);
	if (o->dir_fd >= 0)
		close(o->dir_fd);
	o->path = NULL;
}
