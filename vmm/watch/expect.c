/* SPDX-License-Identifier: BSD-3-Clause */
/* What the user waits for on the console: see expect.h. */
#include "vmm/watch/expect.h"

int patterns_add(struct patterns *p, const char *text, struct err *e)
{
	struct pattern *pattern = &p->at[p->n];
	char why[160];

	if (p->n == EXPECT_MAX)
		return err_set(e, "'%s': more than %d patterns", text, EXPECT_MAX);
	if (!*text)
		return err_set(e, "an empty pattern would match anything");
	int error = regcomp(&pattern->re, text, REG_EXTENDED);
	if (error) {
		regerror(error, &pattern->re, why, sizeof(why));
		return err_set(e, "'%.100s' is not a regular expression: %s", text, why);
	}
	pattern->text = text;
	pattern->seen = false;
	p->n++;
	return 0;
}

static void patterns_fini(struct patterns *p)
{
	while (p->n)
		regfree(&p->at[--p->n].re);
}

void expect_fini(struct expect *x)
{
	patterns_fini(&x->want);
	patterns_fini(&x->fail_on);
}

static bool failed(struct expect *x, const char *line, uint64_t now_ns)
{
	for (unsigned i = 0; i < x->fail_on.n; i++)
		if (regexec(&x->fail_on.at[i].re, line, 0, NULL, 0) == 0) {
			x->failed_on = x->fail_on.at[i].text;
			x->failed_ns = now_ns;
			return true;
		}
	return false;
}

static void note_seen(struct expect *x, struct pattern *p, uint64_t now_ns)
{
	p->seen = true;
	p->seen_ns = now_ns;
	x->seen++;
}

/* One after the other, also several in one line, but none twice in the same place. */
static void look_in_order(struct expect *x, const char *line, uint64_t now_ns)
{
	regmatch_t match;

	while (x->seen < x->want.n) {
		struct pattern *p = &x->want.at[x->seen];
		int flags = x->offset ? REG_NOTBOL : 0;
		if (regexec(&p->re, line + x->offset, 1, &match, flags) != 0)
			return;
		x->offset += (size_t)match.rm_eo;
		note_seen(x, p, now_ns);
	}
}

static void look_for_any(struct expect *x, const char *line, uint64_t now_ns)
{
	for (unsigned i = 0; i < x->want.n; i++) {
		struct pattern *p = &x->want.at[i];
		if (!p->seen && regexec(&p->re, line, 0, NULL, 0) == 0)
			note_seen(x, p, now_ns);
	}
}

enum expect_result expect_line(struct expect *x, const char *line, bool complete, uint64_t now_ns)
{
	unsigned before = x->seen;

	if (x->failed_on || failed(x, line, now_ns))
		return EXPECT_FAILED;
	if (x->ordered)
		look_in_order(x, line, now_ns);
	else
		look_for_any(x, line, now_ns);
	if (complete)
		x->offset = 0;
	return x->seen > before && x->seen == x->want.n ? EXPECT_ALL_SEEN : EXPECT_NOTHING;
}

const char *expect_missing(const struct expect *x)
{
	for (unsigned i = 0; i < x->want.n; i++)
		if (!x->want.at[i].seen)
			return x->want.at[i].text;
	return NULL;
}
