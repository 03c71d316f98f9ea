/* SPDX-License-Identifier: BSD-3-Clause */
/* The tests that a guest reports in KTAP: see ktap.h. */
#include "vmm/watch/ktap.h"

#include "vmm/watch/printk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Only the first problem is reported: the others mostly follow from it. */
static void __attribute__((format(printf, 2, 3))) note(struct ktap *k, const char *fmt, ...)
{
	va_list ap;

	if (k->problem[0])
		return;
	va_start(ap, fmt);
	vsnprintf(k->problem, sizeof(k->problem), fmt, ap);
	va_end(ap);
}

/* Copies a part of a line, made printable and cut to @size. */
static void copy_text(char *dst, size_t size, struct ktap_text text)
{
	printable_copy(dst, text.n < size ? text.n + 1 : size, text.at);
}

static struct ktap_level *innermost(struct ktap *k)
{
	return k->depth ? &k->level[k->depth - 1] : NULL;
}

/* Diagnostics */

static void keep_diagnostic(struct ktap *k, const char *line)
{
	printable_copy(k->diagnostics[k->n_diagnostics % KTAP_DIAGNOSTIC_LINES], KTAP_REASON_BYTES,
		       line + strspn(line, " \t"));
	k->n_diagnostics++;
}

/* The stored lines as one allocated text, or NULL. */
static char *join_diagnostics(const struct ktap *k)
{
	unsigned n = k->n_diagnostics;
	unsigned first = n > KTAP_DIAGNOSTIC_LINES ? n - KTAP_DIAGNOSTIC_LINES : 0;
	size_t size = 1;
	char *text, *end;

	for (unsigned i = first; i < n; i++)
		size += strlen(k->diagnostics[i % KTAP_DIAGNOSTIC_LINES]) + 1;
	if (size == 1 || (text = malloc(size)) == NULL)
		return NULL;
	end = text;
	for (unsigned i = first; i < n; i++)
		end += sprintf(end, "%s\n", k->diagnostics[i % KTAP_DIAGNOSTIC_LINES]);
	return text;
}

/* The list */

static bool make_room(struct ktap *k)
{
	if (k->n_listed < k->room)
		return true;
	if (k->room == KTAP_CASES_MAX)
		return false;
	size_t room = k->room ? 2 * k->room : 64;
	struct ktap_case *listed = realloc(k->listed, room * sizeof(*listed));
	if (!listed)
		return false;
	k->listed = listed;
	k->room = room;
	return true;
}

static void list_case(struct ktap *k, const char *name, const struct ktap_said *said,
		      uint64_t now_ns)
{
	char reason[KTAP_REASON_BYTES];
	char *path;

	if (!make_room(k) || (path = strdup(name)) == NULL)
		return;
	struct ktap_case *c = &k->listed[k->n_listed++];
	*c = (struct ktap_case){
		.path = path, .result = said->result, .begin_ns = k->last_ns, .end_ns = now_ns};
	copy_text(reason, sizeof(reason), said->reason);
	if (reason[0])
		c->reason = strdup(reason);
	if (ktap_is_failure(said->result) && k->diagnosed < KTAP_DIAGNOSED_MAX) {
		c->diagnostics = join_diagnostics(k);
		k->diagnosed++;
	}
}

/* Prefixes the cases from @first on with the name of the test that they are part of. */
static void add_suite(struct ktap *k, size_t first, const char *suite)
{
	char path[KTAP_PATH_BYTES];

	for (size_t i = first; i < k->n_listed; i++) {
		int n = snprintf(path, sizeof(path), "%s.%s", suite, k->listed[i].path);
		char *longer = n < 0 ? NULL : strdup(path); /* cut if it is too long */
		if (!longer)
			continue;
		free(k->listed[i].path);
		k->listed[i].path = longer;
	}
}

/* Levels */

static void check_plan(struct ktap *k, const struct ktap_level *l, const char *name)
{
	if (!l->has_plan || l->results >= l->planned)
		return;
	note(k, "only %" PRIu64 " of %" PRIu64 " planned results were seen%s%.*s%s", l->results,
	     l->planned, *name ? " in '" : "", KTAP_PATH_BYTES, name, *name ? "'" : "");
}

/* The sums of the levels that have ended, for the level around them. */
struct ended {
	bool any, named;
	size_t first;
	uint64_t cases, failed;
};

static void take_over(struct ktap_level *l, const struct ended *e)
{
	if (!e->any)
		return;
	if (l->first > e->first)
		l->first = e->first;
	l->cases += e->cases;
	l->failed += e->failed;
}

/*
 * Ends all levels with an indentation of @width or more. @said is the result line of the outermost
 * of them, or NULL.
 */
static struct ended end_levels(struct ktap *k, unsigned width, const struct ktap_said *said)
{
	struct ended inner = {.any = false};
	char name[KTAP_PATH_BYTES];

	while (k->depth && innermost(k)->width >= width) {
		struct ktap_level *l = innermost(k);
		k->depth--;
		bool last = !k->depth || innermost(k)->width < width;
		memcpy(name, l->name, sizeof(name));
		if (last && said && said->name.n)
			copy_text(name, sizeof(name), said->name);
		take_over(l, &inner);
		/* A test may be skipped in the middle of its plan. */
		if (!(last && said && said->result == KTAP_SKIP))
			check_plan(k, l, name);
		if (name[0])
			add_suite(k, l->first, name);
		inner = (struct ended){true, name[0] != '\0', l->first, l->cases, l->failed};
	}
	return inner;
}

static struct ktap_level *begin_level(struct ktap *k, unsigned width)
{
	struct ktap_level *l = &k->level[k->depth++];

	*l = (struct ktap_level){.width = width, .first = k->n_listed};
	memcpy(l->name, k->next_name, sizeof(l->name));
	k->next_name[0] = '\0';
	k->n_diagnostics = 0;
	return l;
}

/*
 * Ends all levels with an indentation of @width or more, and begins one there. Nested results
 * without a name belong to the same test as those that follow: a test may run several programs, and
 * each counts from 1.
 */
static struct ktap_level *begin_anew(struct ktap *k, unsigned width)
{
	struct ended inner = end_levels(k, width, NULL);
	struct ktap_level *around = innermost(k);
	struct ktap_level *l = begin_level(k, width);

	if (width && !inner.named)
		take_over(l, &inner);
	else if (around)
		take_over(around, &inner);
	return l;
}

/* The innermost level if its indentation is @width and it has not ended, or NULL. */
static struct ktap_level *level_at(struct ktap *k, unsigned width)
{
	struct ktap_level *l = innermost(k);

	return l && l->width == width && !l->ended ? l : NULL;
}

/* Lines */

static void add_case(struct ktap *k, struct ktap_level *l, const struct ktap_said *said,
		     uint64_t now_ns)
{
	char name[KTAP_PATH_BYTES];

	copy_text(name, sizeof(name), said->name);
	if (!name[0])
		snprintf(name, sizeof(name), "%" PRIu64,
			 said->has_number ? said->number : l->results);
	list_case(k, name, said, now_ns);
	k->count[said->result]++;
	l->cases++;
	l->failed += ktap_is_failure(said->result);
}

/* True: a result with this indentation counts. */
static bool is_expected(struct ktap *k, const struct ktap_said *said)
{
	if (said->has_number)
		return k->depth || said->width == 0;
	for (unsigned i = 0; i < k->depth; i++)
		if (k->level[i].width == said->width)
			return true;
	return false;
}

static bool add_test(struct ktap *k, const struct ktap_said *said, uint64_t now_ns)
{
	if (!is_expected(k, said))
		return false;
	struct ended inner = end_levels(k, said->width + 1, said);
	struct ktap_level *l = level_at(k, said->width);
	if (!l)
		l = begin_anew(k, said->width);
	take_over(l, &inner);
	l->results++;
	/*
	 * The result line of a test with nested tests repeats their results, unless it says more.
	 */
	if (!inner.cases || (ktap_is_failure(said->result) && !inner.failed))
		add_case(k, l, said, now_ns);
	k->n_diagnostics = 0;
	return true;
}

static void add_plan(struct ktap *k, const struct ktap_said *said, uint64_t now_ns)
{
	struct ktap_level *l = level_at(k, said->width);

	if (!l || l->has_plan)
		l = begin_anew(k, said->width);
	l->has_plan = true;
	l->planned = said->number;
	l->ended = l->results && l->results == l->planned;
	/* In a nested level, the result of the test around it says so again. */
	if (said->result == KTAP_SKIP && !said->number && !said->width) {
		struct ktap_said all = *said;
		all.name = (struct ktap_text){"all tests", strlen("all tests")};
		add_case(k, l, &all, now_ns);
	}
}

/* KUnit writes "# Subtest:" inside the nested level, TAP 14 before it. */
static void add_subtest(struct ktap *k, const struct ktap_said *said)
{
	struct ktap_level *l = innermost(k);

	if (said->width && (!l || l->width < said->width))
		l = begin_level(k, said->width);
	bool fresh = l && l->width == said->width && said->width && !l->results && !l->name[0];
	copy_text(fresh ? l->name : k->next_name, KTAP_PATH_BYTES, said->name);
}

static void bail_out(struct ktap *k, const struct ktap_said *said)
{
	char why[KTAP_REASON_BYTES];

	copy_text(why, sizeof(why), said->reason);
	note(k, "Bail out!%s%s", *why ? " " : "", why);
}

void ktap_line(struct ktap *k, const char *line, uint64_t now_ns)
{
	const char *message = printk_message(line);
	struct ktap_said said = ktap_read(message);

	switch (said.kind) {
	case KTAP_VERSION:
		begin_anew(k, said.width);
		break;
	case KTAP_PLAN:
		add_plan(k, &said, now_ns);
		break;
	case KTAP_SUBTEST:
		add_subtest(k, &said);
		break;
	case KTAP_TEST:
		if (add_test(k, &said, now_ns))
			break;
		return;
	case KTAP_BAIL_OUT:
		bail_out(k, &said);
		break;
	case KTAP_UNKNOWN:
		keep_diagnostic(k, message);
		return;
	}
	k->last_ns = now_ns;
}

void ktap_finish(struct ktap *k)
{
	const struct ktap_level *l = innermost(k);
	char name[KTAP_PATH_BYTES] = "";

	bool nested = l && l->width;
	if (nested)
		memcpy(name, l->name, sizeof(name));
	end_levels(k, 0, NULL);
	if (nested)
		note(k, "the output ends in the midst of nested tests%s%s%s", *name ? ", in '" : "",
		     name, *name ? "'" : "");
}

void ktap_fini(struct ktap *k)
{
	for (size_t i = 0; i < k->n_listed; i++) {
		free(k->listed[i].path);
		free(k->listed[i].reason);
		free(k->listed[i].diagnostics);
	}
	free(k->listed);
	k->listed = NULL;
	k->n_listed = k->room = 0;
}

uint64_t ktap_total(const struct ktap *k)
{
	uint64_t total = 0;

	for (unsigned i = 0; i < KTAP_RESULTS; i++)
		total += k->count[i];
	return total;
}

uint64_t ktap_failures(const struct ktap *k)
{
	uint64_t failures = 0;

	for (unsigned i = 0; i < KTAP_RESULTS; i++)
		if (ktap_is_failure(i))
			failures += k->count[i];
	return failures;
}

bool ktap_problem(const struct ktap *k, char *text, size_t size)
{
	uint64_t total = ktap_total(k), failures = ktap_failures(k);
	size_t i = 0;

	if (!failures) {
		snprintf(text, size, "%s",
			 k->problem[0] ? k->problem : "no test result was seen on the console");
		return k->problem[0] || !total;
	}
	while (i < k->n_listed && !ktap_is_failure(k->listed[i].result))
		i++;
	bool listed = i < k->n_listed;
	snprintf(text, size, "%" PRIu64 " of %" PRIu64 " tests failed%s%s%s", failures, total,
		 listed ? ", the first is '" : "", listed ? k->listed[i].path : "",
		 listed ? "'" : "");
	return true;
}

const char *ktap_result_name(enum ktap_result result)
{
	static const char *const names[KTAP_RESULTS] = {
		"pass", "fail", "skip", "todo", "timeout", "error",
	};

	return names[result];
}
