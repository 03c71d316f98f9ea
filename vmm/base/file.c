/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files: see file.h. */
#include "vmm/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int file_write_all(int fd, struct blob bytes)
{
	while (bytes.size) {
		ssize_t n = write(fd, bytes.data, bytes.size);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			bytes = (struct blob){bytes.data + n, bytes.size - (size_t)n};
	}
	return 0;
}

static bool is_fifo(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

int file_open_to_write(const char *path, int flags, struct err *e)
{
	static const struct timespec pause = {.tv_nsec = 10000000};
	int fd, tries = 100;

	/* ENXIO: a FIFO without a reader; one may open it soon. */
	while ((fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, 0666)) < 0 &&
	       errno == ENXIO && is_fifo(path) && --tries)
		nanosleep(&pause, NULL);
	if (fd < 0 && !tries)
		return err_set(e, "%s: a FIFO that nobody reads; its reader must be there first",
			       path);
	if (fd < 0)
		return err_set(e, "%s: %s", path, strerror(errno));
	/* It was just opened, so nobody shares its flags. */
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

int file_write_patiently(int fd, struct blob bytes)
{
	enum { PATIENCE_MS = 1000 };

	while (bytes.size) {
		struct pollfd p = {.fd = fd, .events = POLLOUT};
		int ready = poll(&p, 1, PATIENCE_MS);
		if (ready == 0)
			return ETIME;
		if (ready < 0 && errno != EINTR)
			return errno;
		if (ready < 0)
			continue;
		/* A pipe that poll() calls writable has room for this much. */
		size_t most = bytes.size < PIPE_BUF ? bytes.size : PIPE_BUF;
		ssize_t n = write(fd, bytes.data, most);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return errno;
		if (n > 0)
			bytes = (struct blob){bytes.data + n, bytes.size - (size_t)n};
	}
	return 0;
}

int file_write(const char *path, struct blob bytes, struct err *e)
{
	int fd = file_open_to_write(path, O_CREAT | O_TRUNC, e);

	if (fd < 0)
		return -1;
	int error = file_write_all(fd, bytes);
	if (close(fd) && !error)
		error = errno; /* a full disk may be reported only here */
	return error ? err_set(e, "%s: %s", path, strerror(error)) : 0;
}
