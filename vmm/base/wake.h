/* SPDX-License-Identifier: BSD-3-Clause */
/* Wakes the event loop: an eventfd that any thread writes to when something has changed. */
#ifndef VMM_BASE_WAKE_H
#define VMM_BASE_WAKE_H

#include <stdint.h>
#include <unistd.h>

static inline void wake_set(int fd)
{
	uint64_t one = 1;
	ssize_t n = write(fd, &one, sizeof(one));
	(void)n; /* if it failed, the eventfd is readable already */
}

static inline void wake_clear(int fd)
{
	uint64_t count;
	ssize_t n = read(fd, &count, sizeof(count));
	(void)n; /* the eventfd is non-blocking; it may be empty */
}

#endif
