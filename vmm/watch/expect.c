/* SPDX-License-Identifier: BSD-3-Clause */
/* The user's expectations: see expect.h. */
#include "vmm/watch/expect.h"

int patterns_add(struct patterns *p, const char *text, bool ends, struct err *e)
{
	struct pattern *pattern = &p->at[p->n];

	if (p->n == EXPECT_MAX)
		return err_set(e, "'%s': more than %d patterns", text, EXPECT_MAX);
	if (matcher_init(&pattern->matcher, text, ends, e))
		return -1;
	pattern->text = text;
	pattern->seen = false;
	p->n++;
	return 0;
}

int expect_add(struct expect *x, const char *text, struct err *e)
{
	return patterns_add(&x->want, text, x->ordered, e);
}

int expect_add_fail_on(struct expect *x, const char *text, struct err *e)
{
	return patterns_add(&x->fail_on, text, false, e);
}

bool expect_any(const struct expect *x)
{
	return x->want.n || x->fail_on.n;
}

void patterns_fini(struct patterns *p)
{
	while (p->n)
		matcher_fini(&p->at[--p->n].matcher);
}

void expect_fini(struct expect *x)
{
	patterns_fini(&x->want);
	patterns_fini(&x->fail_on);
}

const struct pattern *patterns_find(const struct patterns *p, const char *line)
{
	for (unsigned i = 0; i < p->n; i++)
		if (matcher_find(&p->at[i].matcher, line, false, NULL))
			return &p->at[i];
	return NULL;
}

/* In order: one line may match several patterns, each after the end of the one before it. */
static void find_in_order(const struct expect *x, const char *line, struct expect_found *found)
{
	size_t end;

	for (unsigned i = x->seen; i < x->want.n; i++) {
		if (!matcher_find(&x->want.at[i].matcher, line + found->offset, found->offset > 0,
				  &end))
			return;
		found->offset += end;
		found->seen |= 1ULL << i;
	}
}

static void find_any(const struct expect *x, const char *line, struct expect_found *found)
{
	for (unsigned i = 0; i < x->want.n; i++)
		if (!x->want.at[i].seen && matcher_find(&x->want.at[i].matcher, line, false, NULL))
			found->seen |= 1ULL << i;
}

void expect_find(const struct expect *x, const char *line, struct expect_found *found)
{
	*found = (struct expect_found){.offset = x->offset};
	if (x->failed_on) /* the run has failed already */
		return;
	found->failed_on = patterns_find(&x->fail_on, line);
	if (found->failed_on)
		return;
	if (x->ordered)
		find_in_order(x, line, found);
	else
		find_any(x, line, found);
}

static void note_seen(struct expect *x, uint64_t which, uint64_t now_ns)
{
	for (unsigned i = 0; i < x->want.n; i++) {
		if (!(which & 1ULL << i))
			continue;
		x->want.at[i].seen = true;
		x->want.at[i].seen_ns = now_ns;
		x->seen++;
	}
}

enum expect_result expect_take(struct expect *x, const struct expect_found *found, bool complete,
			       uint64_t now_ns)
{
	if (!x->failed_on && found->failed_on) {
		x->failed_on = found->failed_on->text;
		x->failed_ns = now_ns;
	}
	if (x->failed_on)
		return EXPECT_FAILED;
	note_seen(x, found->seen, now_ns);
	x->offset = complete ? 0 : found->offset;
	return found->seen && x->seen == x->want.n ? EXPECT_ALL_SEEN : EXPECT_NOTHING;
}

const char *expect_missing(const struct expect *x)
{
	for (unsigned i = 0; i < x->want.n; i++)
		if (!x->want.at[i].seen)
			return x->want.at[i].text;
	return NULL;
}
