/* SPDX-License-Identifier: BSD-3-Clause */
/* All that looks at the console's lines: see watch.h. */
#include "vmm/watch/watch.h"

#include <stdlib.h>

int watch_init(struct watch *w, struct err *e)
{
	/* Touched only as far as lines are long. */
	w->text = malloc(LINES_MAX_BYTES + 1);
	if (!w->text)
		return err_set(e, "console: out of memory");
	lines_init(&w->lines, w->text);
	return 0;
}

void watch_fini(struct watch *w)
{
	expect_fini(&w->expect);
	ktap_fini(&w->ktap);
	free(w->text);
	w->text = NULL;
}

static void look(struct watch *w, const char *line, bool complete, uint64_t now_ns)
{
	bool failed = w->expect.failed_on;
	enum expect_result result = expect_line(&w->expect, line, complete, now_ns);

	if (!w->on_event || failed) /* said already, with the line that did it */
		return;
	if (result == EXPECT_ALL_SEEN)
		w->on_event(w->opaque, WATCH_ALL_SEEN, line);
	else if (result == EXPECT_FAILED)
		w->on_event(w->opaque, WATCH_FAILED, line);
}

static void look_for_tests(struct watch *w, const char *line, uint64_t now_ns)
{
	if (w->want_ktap && !w->lines.inside)
		ktap_line(&w->ktap, line, now_ns);
}

void watch_feed(struct watch *w, const uint8_t *data, size_t n, uint64_t now_ns)
{
	while (n) {
		const char *line;
		enum report_kind kind;
		size_t taken = lines_next(&w->lines, (const char *)data, n, &line);
		data += taken;
		n -= taken;
		if (!line)
			continue;
		boot_watch_line(&w->boot, line, now_ns);
		reports_line(&w->reports, line, now_ns, &kind);
		look_for_tests(w, line, now_ns);
		look(w, line, true, now_ns);
	}
}

void watch_idle(struct watch *w, uint64_t now_ns)
{
	const char *partial = lines_partial(&w->lines);

	if (partial)
		look(w, partial, false, now_ns);
}

void watch_end(struct watch *w, uint64_t now_ns)
{
	const char *partial = lines_partial(&w->lines);

	if (w->ended)
		return;
	w->ended = true;
	if (partial)
		look_for_tests(w, partial, now_ns);
	ktap_finish(&w->ktap);
}
