/* SPDX-License-Identifier: BSD-3-Clause */
/* The alarm of the real-time clock: see alarm.h. */
#include "vmm/machine/alarm.h"

#include "vmm/base/clock.h"
#include "vmm/base/wake.h"

/* The longest wait: the host's clock may be set in the meantime. */
enum { ALARM_WAIT_MS = 1000 };

void alarm_init(struct alarm *a, int wake_fd)
{
	*a = (struct alarm){.at_s = WALL_NEVER, .wake_fd = wake_fd};
}

static int64_t now_s(void *opaque)
{
	struct timespec now;

	(void)opaque;
	clock_gettime(CLOCK_REALTIME, &now); /* time() may be some milliseconds late */
	return now.tv_sec;
}

static void set(void *opaque, int64_t at_s)
{
	struct alarm *a = opaque;

	if (a->at_s == at_s)
		return;
	__atomic_store_n(&a->at_s, at_s, __ATOMIC_RELEASE);
	if (at_s != WALL_NEVER)
		wake_set(a->wake_fd);
}

struct wall_clock alarm_clock(struct alarm *a)
{
	return (struct wall_clock){now_s, set, a};
}

int alarm_left_ms(const struct alarm *a, bool *due)
{
	int64_t at_s = __atomic_load_n(&a->at_s, __ATOMIC_ACQUIRE);
	struct timespec now;

	*due = false;
	if (at_s == WALL_NEVER)
		return -1;
	clock_gettime(CLOCK_REALTIME, &now);
	*due = now.tv_sec >= at_s;
	if (*due || at_s - now.tv_sec > 1)
		return ALARM_WAIT_MS;
	return ALARM_WAIT_MS - (int)(now.tv_nsec / (long)NS_PER_MS); /* at least 1 */
}
