/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether the process was stopped or still: see heartbeat.h. */
#include "vmm/run/heartbeat.h"

#include "vmm/base/clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A still process uses less than 1/20 of a processor. So does a guest that waits for interrupts. */
enum { STILL_PART = 20 };

/*
 * The second of three numbers: CPU time, time waiting for a processor, time slices. 0: not known.
 */
static uint64_t read_queued_ns(const struct heartbeat *h)
{
	char text[80], *second;

	if (h->schedstat_fd < 0 || lseek(h->schedstat_fd, 0, SEEK_SET))
		return 0;
	ssize_t n = read(h->schedstat_fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	(void)strtoull(text, &second, 10);
	return strtoull(second, NULL, 10);
}

static uint64_t read_cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

void heartbeat_init(struct heartbeat *h)
{
	h->schedstat_fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	heartbeat_start(h);
}

void heartbeat_fini(struct heartbeat *h)
{
	if (h->schedstat_fd >= 0)
		close(h->schedstat_fd);
}

void heartbeat_start(struct heartbeat *h)
{
	h->at_ns = clock_now_ns();
	h->cpu_ns = read_cpu_ns();
	h->queued_ns = read_queued_ns(h);
}

bool heartbeat_is_due(const struct heartbeat *h)
{
	return clock_now_ns() - h->at_ns >= HEARTBEAT_MS * NS_PER_MS;
}

bool heartbeat_beat(struct heartbeat *h)
{
	uint64_t at_ns = h->at_ns, cpu_ns = h->cpu_ns;

	heartbeat_start(h);
	return (h->cpu_ns - cpu_ns) * STILL_PART < h->at_ns - at_ns;
}

uint64_t heartbeat_stopped_ns(const struct heartbeat *h, uint64_t began_ns, uint64_t most_ns)
{
	uint64_t waited = clock_now_ns() - began_ns;

	if (waited < most_ns || waited - most_ns < STOPPED_MIN_MS * NS_PER_MS)
		return 0; /* the usual case, without a system call */
	return heartbeat_judge(waited - most_ns, read_queued_ns(h) - h->queued_ns);
}

uint64_t heartbeat_judge(uint64_t late_ns, uint64_t queued_ns)
{
	if (late_ns < queued_ns || late_ns - queued_ns < STOPPED_MIN_MS * NS_PER_MS)
		return 0;
	return late_ns - queued_ns;
}
