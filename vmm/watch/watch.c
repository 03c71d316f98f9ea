/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads the console's lines: see watch.h. */
#include "vmm/watch/watch.h"

#include "vmm/base/clock.h"

#include <stdlib.h>
#include <string.h>

int watch_init(struct watch *w, struct err *e)
{
	/* Costs memory only as far as lines are long. */
	w->text = malloc(LINES_MAX_BYTES + 1);
	if (!w->text)
		return err_set(e, "console: out of memory");
	lines_init(&w->lines, w->text);
	pthread_mutex_init(&w->lock, NULL);
	return 0;
}

void watch_fini(struct watch *w)
{
	expect_fini(&w->expect);
	patterns_fini(&w->known);
	ktap_fini(&w->ktap);
	if (w->text)
		pthread_mutex_destroy(&w->lock);
	free(w->text);
	w->text = NULL;
}

/* Takes the lock, unless the watch has ended. False: it has, and the lock is not held. */
static bool may_change(struct watch *w)
{
	pthread_mutex_lock(&w->lock);
	if (!w->closed)
		return true;
	pthread_mutex_unlock(&w->lock);
	return false;
}

static bool is_late(const struct watch *w, uint64_t now_ns)
{
	uint64_t late_ns = __atomic_load_n(&w->late_ns, __ATOMIC_RELAXED);

	return late_ns && now_ns >= late_ns;
}

static void count_unmatched(struct watch *w, const char *line)
{
	if (!may_change(w))
		return;
	w->unmatched += strlen(line);
	pthread_mutex_unlock(&w->lock);
}

/* Called without the lock, because it may take long. */
static void find(struct watch *w, const char *line, struct expect_found *found)
{
	__atomic_store_n(&w->matching, true, __ATOMIC_RELAXED);
	expect_find(&w->expect, line, found);
	__atomic_store_n(&w->matching, false, __ATOMIC_RELAXED);
}

static void look(struct watch *w, const char *line, bool complete, uint64_t now_ns)
{
	struct expect_found found;

	if (!expect_any(&w->expect))
		return;
	if (is_late(w, clock_now_ns())) {
		count_unmatched(w, line);
		return;
	}
	find(w, line, &found);
	if (!may_change(w))
		return;
	bool failed = w->expect.failed_on;
	enum expect_result result = expect_take(&w->expect, &found, complete, now_ns);
	pthread_mutex_unlock(&w->lock);
	if (!w->on_event || failed) /* it was reported before, with its line */
		return;
	if (result == EXPECT_ALL_SEEN)
		w->on_event(w->opaque, WATCH_ALL_SEEN, line);
	else if (result == EXPECT_FAILED)
		w->on_event(w->opaque, WATCH_FAILED, line);
}

/* True when the event is to be ignored. When time is short, patterns are not matched: it counts. */
static bool is_known(struct watch *w, const char *line)
{
	if (!w->known.n || is_late(w, clock_now_ns()))
		return false;
	__atomic_store_n(&w->matching, true, __ATOMIC_RELAXED);
	bool known = patterns_find(&w->known, line);
	__atomic_store_n(&w->matching, false, __ATOMIC_RELAXED);
	return known;
}

/* The kernel event in a line. */
struct event_found {
	const char *text; /* NULL: it has none */
	enum kernel_event kind;
	bool ignored;
};

/* Also looks after a carriage return. Called without the lock, as the patterns may take long. */
static void look_for_event(struct watch *w, const char *line, struct event_found *found)
{
	found->text = kernel_events_find(line, &found->kind);
	if (!found->text && w->lines.after_cr)
		found->text = kernel_events_find(line + w->lines.after_cr, &found->kind);
	found->ignored = found->text && is_known(w, line);
}

static void take_event(struct watch *w, const struct event_found *found, uint64_t now_ns)
{
	if (found->ignored)
		w->events.ignored++;
	else if (found->text)
		kernel_events_add(&w->events, found->kind, found->text, now_ns);
}

static void look_for_tests(struct watch *w, const char *line, uint64_t now_ns)
{
	if (w->want_ktap && !w->lines.inside)
		ktap_line(&w->ktap, line, now_ns);
}

/* False: the watch has ended, and nothing changes any more. */
static bool take_line(struct watch *w, const char *line, uint64_t now_ns)
{
	struct event_found event;

	look_for_event(w, line, &event);
	if (!may_change(w))
		return false;
	boot_watch_line(&w->boot, line, now_ns);
	take_event(w, &event, now_ns);
	look_for_tests(w, line, now_ns);
	pthread_mutex_unlock(&w->lock);
	return true;
}

void watch_feed(struct watch *w, const uint8_t *data, size_t n, uint64_t now_ns)
{
	while (n) {
		const char *line;
		size_t taken = lines_next(&w->lines, (const char *)data, n, &line);
		data += taken;
		n -= taken;
		if (!line)
			continue;
		if (!take_line(w, line, now_ns))
			return;
		look(w, line, true, now_ns);
	}
}

void watch_idle(struct watch *w, uint64_t now_ns)
{
	const char *partial = lines_partial(&w->lines);

	if (partial)
		look(w, partial, false, now_ns);
}

void watch_hurry(struct watch *w, uint64_t now_ns)
{
	__atomic_store_n(&w->late_ns, now_ns, __ATOMIC_RELAXED);
}

bool watch_is_matching(const struct watch *w)
{
	return __atomic_load_n(&w->matching, __ATOMIC_RELAXED);
}

void watch_end(struct watch *w, bool whole, uint64_t now_ns)
{
	const char *partial = whole ? lines_partial(&w->lines) : NULL;
	struct event_found event = {.text = NULL};

	if (partial)
		look_for_event(w, partial, &event);
	if (!may_change(w))
		return;
	take_event(w, &event, now_ns);
	if (partial)
		look_for_tests(w, partial, now_ns);
	ktap_finish(&w->ktap);
	w->closed = true;
	pthread_mutex_unlock(&w->lock);
}
