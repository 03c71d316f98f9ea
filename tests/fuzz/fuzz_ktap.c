/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a byte, the size of the writes, and a console with test results. */
#include "fuzz.h"
#include "vmm/watch/watch.h"

#include <string.h>

static void check_printable(const char *text, size_t max)
{
	CHECK(strlen(text) < max);
	for (; *text; text++)
		CHECK(*text >= 0x20 && *text <= 0x7e);
}

static void check_case(const struct ktap_case *c, uint64_t now_ns)
{
	CHECK(c->path && c->path[0]);
	check_printable(c->path, KTAP_PATH_BYTES);
	if (c->reason)
		check_printable(c->reason, KTAP_REASON_BYTES);
	CHECK(c->result < KTAP_RESULTS && c->begin_ns <= c->end_ns && c->end_ns <= now_ns);
	if (!c->diagnostics)
		return;
	CHECK(ktap_is_failure(c->result));
	unsigned n = 0;
	for (const char *line = c->diagnostics; *line; line = strchr(line, '\n') + 1)
		n++;
	CHECK(n && n <= KTAP_DIAGNOSTIC_LINES);
	CHECK(strlen(c->diagnostics) <= n * KTAP_REASON_BYTES);
}

static void check(const struct ktap *k, uint64_t now_ns)
{
	uint64_t count[KTAP_RESULTS] = {0};
	char problem[64];
	uint64_t failures = 0;

	for (size_t i = 0; i < k->n_listed; i++) {
		check_case(&k->listed[i], now_ns);
		count[k->listed[i].result]++;
		failures += ktap_is_failure(k->listed[i].result);
	}
	CHECK(k->n_listed <= KTAP_CASES_MAX && k->depth == 0);
	if (k->n_listed < KTAP_CASES_MAX) {
		CHECK(memcmp(count, k->count, sizeof(count)) == 0);
		CHECK(ktap_total(k) == k->n_listed && ktap_failures(k) == failures);
	}
	bool wrong = failures || !k->n_listed || k->problem[0];
	CHECK(ktap_problem(k, problem, sizeof(problem)) == wrong);
	check_printable(problem, sizeof(problem));
}

static void check_same_text(const char *a, const char *b)
{
	CHECK((a == NULL) == (b == NULL));
	CHECK(!a || strcmp(a, b) == 0);
}

static void check_same(const struct ktap *a, const struct ktap *b, bool diagnostics)
{
	CHECK(a->n_listed == b->n_listed);
	CHECK(memcmp(a->count, b->count, sizeof(a->count)) == 0);
	check_same_text(a->problem, b->problem);
	for (size_t i = 0; i < a->n_listed; i++) {
		CHECK(a->listed[i].result == b->listed[i].result);
		check_same_text(a->listed[i].path, b->listed[i].path);
		check_same_text(a->listed[i].reason, b->listed[i].reason);
		if (diagnostics)
			check_same_text(a->listed[i].diagnostics, b->listed[i].diagnostics);
	}
}

/*
 * Feeds the console in writes of @size, each from a block of its own, so that a read beyond it is
 * seen; with @noise, a message of the kernel's own comes after each line.
 */
static void feed(struct watch *w, const uint8_t *data, size_t n, size_t size, bool noise)
{
	static const char message[] = "[    1.5] random: crng init done\r\n";
	uint64_t now_ns = 0;
	struct err e;

	*w = (struct watch){.want_ktap = true};
	CHECK(watch_init(w, &e) == 0);
	while (n) {
		const uint8_t *newline = noise ? memchr(data, '\n', n) : NULL;
		size_t piece = size < n ? size : n;
		if (noise)
			piece = newline ? (size_t)(newline - data) + 1 : n;
		uint8_t *block = malloc(piece);
		CHECK(block);
		memcpy(block, data, piece);
		watch_feed(w, block, piece, ++now_ns);
		if (newline)
			watch_feed(w, (const uint8_t *)message, sizeof(message) - 1, ++now_ns);
		free(block);
		data += piece;
		n -= piece;
	}
	watch_end(w, true, ++now_ns);
	check(&w->ktap, now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct watch cut, whole, noisy;

	if (!size)
		return 0;
	feed(&cut, data + 1, size - 1, data[0] + 1u, false);
	feed(&whole, data + 1, size - 1, size, false);
	feed(&noisy, data + 1, size - 1, 0, true);
	check_same(&cut.ktap, &whole.ktap, true);
	check_same(&noisy.ktap, &whole.ktap, false);
	watch_fini(&cut);
	watch_fini(&whole);
	watch_fini(&noisy);
	return 0;
}
