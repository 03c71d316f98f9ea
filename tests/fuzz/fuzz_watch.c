/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is a console: a byte of flags (1: in order), then writes, each one byte with its length
 * (low seven bits) and whether the guest is silent after it (high bit), and its bytes.
 */
#include "fuzz.h"
#include "vmm/watch/watch.h"

#include <string.h>

static const char *const want[] = {"^up", "login: $", "a+b?", "[[:cntrl:]]|x$"};
static const char *const fail_on[] = {"^\\[ +[0-9.]+\\] BUG", "(stall|\xff){2}"};

struct watched {
	struct watch watch;
	unsigned seen, failed;
	uint32_t lines; /* a sum of what the events came with */
};

static void on_event(void *opaque, enum watch_event event, const char *line)
{
	struct watched *w = opaque;

	CHECK(strlen(line) <= LINES_MAX_BYTES);
	CHECK(!strpbrk(line, "\r\n\x1b"));
	CHECK(!w->failed);
	if (event == WATCH_ALL_SEEN) {
		CHECK(!w->seen && !expect_missing(&w->watch.expect));
		w->seen++;
	} else {
		CHECK(w->watch.expect.failed_on);
		w->failed++;
	}
	for (; *line; line++)
		w->lines = w->lines * 31 + (uint8_t)*line;
}

static void add_patterns(struct expect *x)
{
	struct err e;

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		CHECK(expect_add(x, want[i], &e) == 0);
	for (size_t i = 0; i < sizeof(fail_on) / sizeof(fail_on[0]); i++)
		CHECK(expect_add_fail_on(x, fail_on[i], &e) == 0);
}

static void start(struct watched *w, bool ordered)
{
	struct err e;

	*w = (struct watched){.watch = {.on_event = on_event, .opaque = w}};
	w->watch.expect.ordered = ordered;
	add_patterns(&w->watch.expect);
	CHECK(watch_init(&w->watch, &e) == 0);
}

static void check(const struct watched *w)
{
	const struct expect *x = &w->watch.expect;
	const struct kernel_events *r = &w->watch.events;

	CHECK(x->seen <= x->want.n);
	CHECK((x->seen == x->want.n) == !expect_missing(x));
	CHECK(w->seen == (x->seen == x->want.n));
	CHECK(w->failed == (x->failed_on != NULL));
	for (int i = 0; i < KERNEL_EVENT_KINDS; i++) {
		CHECK((r->count[i] == 0) == (r->first[i][0] == '\0'));
		for (const char *c = r->first[i]; *c; c++)
			CHECK(*c >= 0x20 && *c <= 0x7e);
	}
}

/* Writes from a block of their own size, so that a read beyond it is seen. */
static void write_out(struct watched *w, const uint8_t *data, size_t n)
{
	uint8_t *block = malloc(n ? n : 1);

	CHECK(block);
	if (n)
		memcpy(block, data, n);
	watch_feed(&w->watch, block, n, 0);
	free(block);
}

/* Feeds the writes. Leaves all their bytes, one after another, in @all; returns how many. */
static size_t feed(struct watched *w, const uint8_t *data, size_t size, bool idle, uint8_t *all)
{
	size_t total = 0;

	while (size) {
		uint8_t head = *data++;
		size_t n = head & 0x7f;
		size--;
		if (n > size)
			n = size;
		write_out(w, data, n);
		memcpy(all + total, data, n);
		if (idle && head & 0x80)
			watch_idle(&w->watch, 0);
		check(w);
		total += n;
		data += n;
		size -= n;
	}
	return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct watched cut, whole, idle;

	if (!size)
		return 0;
	bool ordered = data[0] & 1;
	uint8_t *all = malloc(size);
	CHECK(all);
	start(&cut, ordered);
	start(&whole, ordered);
	start(&idle, ordered);
	size_t n = feed(&cut, data + 1, size - 1, false, all);
	feed(&idle, data + 1, size - 1, true, all);
	write_out(&whole, all, n);
	/* How the bytes were cut changes nothing; that the guest was silent changes no report. */
	CHECK(cut.seen == whole.seen && cut.failed == whole.failed && cut.lines == whole.lines);
	CHECK(cut.watch.expect.seen == whole.watch.expect.seen);
	CHECK(memcmp(&cut.watch.events, &whole.watch.events, sizeof(struct kernel_events)) == 0);
	CHECK(memcmp(&idle.watch.events, &whole.watch.events, sizeof(struct kernel_events)) == 0);
	watch_idle(&whole.watch, 0);
	check(&whole);
	watch_fini(&cut.watch);
	watch_fini(&whole.watch);
	watch_fini(&idle.watch);
	free(all);
	return 0;
}
