/* SPDX-License-Identifier: BSD-3-Clause */
/* The user's files: see infile.h. */
#include "vmm/payload/infile.h"

#include "vmm/base/clock.h"
#include "vmm/base/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static const char *file_type(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return "a device";
	return "a socket";
}

/* A regular file that is not empty. */
static int open_regular(const char *path, int *fd, struct stat *st, struct err *e)
{
	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0) {
		err_set(e, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(*fd, st))
		err_set(e, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st->st_mode))
		err_set(e, "%s: this is %s, expected a regular file", path, file_type(st->st_mode));
	else if (st->st_size == 0)
		err_set(e, "%s: the file is empty", path);
	else
		return 0;
	close(*fd);
	return -1;
}

static int check_size(const char *path, size_t bytes, uint64_t max_bytes, struct err *e)
{
	return bytes <= max_bytes
		       ? 0
		       : err_set(e, "%s: the file has %zu bytes, expected at most %" PRIu64, path,
				 bytes, max_bytes);
}

/* Memory for @bytes; at @at unless that is NULL, where it replaces the old mapping. */
static uint8_t *map_anonymous(const char *path, uint8_t *at, size_t bytes, struct err *e)
{
	uint8_t *data = mmap(at, bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);

	if (data == MAP_FAILED) {
		err_set(e, "%s: no memory for its %zu bytes: %s", path, bytes, strerror(errno));
		return NULL;
	}
	/* A hint: huge pages mean some hundred times fewer page faults. */
	if (bytes > INFILE_HEAD_BYTES)
		(void)madvise(data, bytes, MADV_HUGEPAGE);
	return data;
}

/* A file that is being read, and the memory for its bytes. */
struct job {
	const char *path;
	int fd;
	uint8_t *data;
	size_t bytes;
};

/* Reads bytes @from to @to of the file. */
static int read_range(const struct job *j, size_t from, size_t to, struct err *e)
{
	while (from < to) {
		ssize_t n = pread(j->fd, j->data + from, to - from, (off_t)from);
		if (n < 0 && errno != EINTR)
			return err_set(e, "%s: %s", j->path, strerror(errno));
		if (n == 0)
			return err_set(e, "%s: the file shrank while it was read: %zu of %zu bytes",
				       j->path, from, j->bytes);
		if (n > 0)
			from += (size_t)n;
	}
	return 0;
}

int infile_read(const char *path, uint64_t max_bytes, struct blob *bytes, struct err *e)
{
	struct stat st;
	struct job j = {.path = path};
	int result = -1;

	if (open_regular(path, &j.fd, &st, e))
		return -1;
	j.bytes = (size_t)st.st_size;
	if (check_size(path, j.bytes, max_bytes, e))
		goto out_close;
	j.data = map_anonymous(path, NULL, j.bytes, e);
	if (!j.data)
		goto out_close;
	result = read_range(&j, 0, j.bytes, e);
	if (result)
		munmap(j.data, j.bytes);
	else
		*bytes = (struct blob){j.data, j.bytes};
out_close:
	close(j.fd);
	return result;
}

void infile_free(struct blob *bytes)
{
	if (bytes->size)
		munmap((void *)(uintptr_t)bytes->data, bytes->size);
	*bytes = (struct blob){NULL, 0};
}

static uint64_t ns_of(const struct timespec *ts)
{
	return (uint64_t)ts->tv_sec * NS_PER_S + (uint64_t)ts->tv_nsec;
}

static struct infile_identity make_identity(const struct stat *st)
{
	return (struct infile_identity){st->st_dev, st->st_ino, (uint64_t)st->st_size,
					ns_of(&st->st_mtim), ns_of(&st->st_ctim)};
}

/* To be called before any byte is read. */
static void take_identity(struct infile *f, const struct stat *st)
{
	const struct infile_identity id = make_identity(st);
	struct timespec now;
	struct statfs fs;

	clock_gettime(CLOCK_REALTIME, &now);
	if ((st->st_uid == geteuid() || st->st_uid == 0) && !(st->st_mode & (S_IWGRP | S_IWOTH)) &&
	    id.ctime_ns + 2 * NS_PER_S <= ns_of(&now) && fstatfs(f->fd, &fs) == 0 &&
	    (uint32_t)fs.f_type != FUSE_SUPER_MAGIC)
		f->id = id;
}

/* To be called after reading: a file that has changed since has no identity. */
static void check_identity(struct infile *f)
{
	struct infile_identity now;
	struct stat st;

	if (fstat(f->fd, &st) == 0) {
		now = make_identity(&st);
		if (memcmp(&now, &f->id, sizeof(now)) == 0)
			return;
	}
	f->id = (struct infile_identity){0};
}

/*
 * A file that is larger than its head is mapped whole; memory with the head then replaces its
 * start.
 */
static int map_and_read_head(struct infile *f, struct err *e)
{
	bool more = f->bytes.size > INFILE_HEAD_BYTES;
	size_t head = more ? INFILE_HEAD_BYTES : f->bytes.size;
	void *data = more ? mmap(NULL, f->bytes.size, PROT_READ, MAP_PRIVATE, f->fd, 0) : NULL;

	if (data == MAP_FAILED)
		return err_set(e, "%s: cannot map the file: %s", f->path, strerror(errno));
	struct job j = {f->path, f->fd, map_anonymous(f->path, data, head, e), f->bytes.size};
	if (!j.data || read_range(&j, 0, head, e)) {
		if (data || j.data)
			munmap(data ? data : j.data, f->bytes.size);
		return -1;
	}
	check_identity(f);
	f->bytes.data = j.data;
	f->mapped = more;
	if (more)
		mapped_add(f->bytes, f->path);
	else
		close(f->fd);
	return 0;
}

int infile_open(const char *path, struct infile *f, struct err *e)
{
	struct stat st;
	struct infile new = {.path = path};

	if (open_regular(path, &new.fd, &st, e))
		return -1;
	new.bytes.size = (size_t)st.st_size;
	take_identity(&new, &st);
	if (map_and_read_head(&new, e)) {
		close(new.fd);
		return -1;
	}
	*f = new;
	return 0;
}

/* The mapping is memory of our own from now on. */
static void let_go(struct infile *f)
{
	if (!f->mapped)
		return;
	mapped_remove(f->bytes);
	close(f->fd);
	f->mapped = false;
}

int infile_own(struct infile *f, uint64_t max_bytes, struct err *e)
{
	const struct job j = {f->path, f->fd, (uint8_t *)(uintptr_t)f->bytes.data, f->bytes.size};

	if (!f->mapped)
		return 0;
	if (check_size(f->path, j.bytes, max_bytes, e) ||
	    !map_anonymous(f->path, j.data + INFILE_HEAD_BYTES, j.bytes - INFILE_HEAD_BYTES, e) ||
	    read_range(&j, INFILE_HEAD_BYTES, j.bytes, e))
		return -1;
	check_identity(f);
	let_go(f);
	return 0;
}

void infile_close(struct infile *f)
{
	let_go(f);
	infile_free(&f->bytes);
}
