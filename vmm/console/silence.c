/* SPDX-License-Identifier: BSD-3-Clause */
/* The silence after a guest's last words: see silence.h. */
#include "vmm/console/silence.h"

#include "vmm/base/clock.h"

void silence_init(struct silence *s)
{
	*s = (struct silence){.after = MARK_NONE};
	pthread_mutex_init(&s->lock, NULL);
}

void silence_fini(struct silence *s)
{
	pthread_mutex_destroy(&s->lock);
}

void silence_await(struct silence *s, enum mark after, uint64_t enough_ns)
{
	pthread_mutex_lock(&s->lock);
	__atomic_store_n(&s->after, after, __ATOMIC_RELAXED);
	s->enough_ns = enough_ns;
	s->since_ns = clock_now_ns();
	pthread_mutex_unlock(&s->lock);
}

void silence_break(struct silence *s, uint8_t byte)
{
	bool ends_line = byte == '\n' || byte == '\r';

	if (__atomic_load_n(&s->after, __ATOMIC_RELAXED) == MARK_NONE)
		return; /* the usual case must be fast: each byte of output comes here */
	pthread_mutex_lock(&s->lock);
	/* After "Power down" any output means that the guest has not ended. */
	if (s->after == MARK_POWER_DOWN && !ends_line)
		__atomic_store_n(&s->after, MARK_NONE, __ATOMIC_RELAXED);
	s->since_ns = clock_now_ns();
	pthread_mutex_unlock(&s->lock);
}

void silence_was_stopped(struct silence *s, uint64_t stopped_ns, uint64_t now_ns)
{
	pthread_mutex_lock(&s->lock);
	s->since_ns = s->since_ns + stopped_ns < now_ns ? s->since_ns + stopped_ns : now_ns;
	pthread_mutex_unlock(&s->lock);
}

enum mark silence_awaited(struct silence *s, uint64_t *deadline_ns)
{
	pthread_mutex_lock(&s->lock);
	enum mark after = s->after;
	*deadline_ns = s->since_ns + s->enough_ns;
	pthread_mutex_unlock(&s->lock);
	return after;
}
