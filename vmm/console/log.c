/* SPDX-License-Identifier: BSD-3-Clause */
/* --log: see log.h. */
#include "vmm/console/log.h"

#include "vmm/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int log_open(struct log *l, const char *path, struct err *e)
{
	l->error = 0;
	l->fd = file_open_to_write(path, O_CREAT | O_TRUNC, e);
	if (l->fd < 0)
		return -1;
	l->path = path;
	return 0;
}

void log_write(struct log *l, const uint8_t *data, size_t n)
{
	while (l->path && !l->error && n) {
		ssize_t written = write(l->fd, data, n);
		if (written >= 0) {
			data += written;
			n -= (size_t)written;
		} else if (errno != EINTR || __atomic_load_n(&l->hurried, __ATOMIC_RELAXED)) {
			l->error = errno;
		}
	}
}

void log_close(struct log *l)
{
	if (l->path && l->fd >= 0 && close(l->fd) && !l->error)
		l->error = errno;
	l->fd = -1;
}
