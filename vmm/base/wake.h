/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop's alarm: an eventfd that any thread writes when something changed. */
#ifndef VMM_BASE_WAKE_H
#define VMM_BASE_WAKE_H

#include <stdint.h>
#include <unistd.h>

static inline void wake_set(int fd)
{
	uint64_t one = 1;
	ssize_t n = write(fd, &one, sizeof(one));
	(void)n; /* taken, or readable already */
}

static inline void wake_clear(int fd)
{
	uint64_t count;
	ssize_t n = read(fd, &count, sizeof(count));
	(void)n; /* the eventfd is non-blocking: nothing there is fine, too */
}

#endif
