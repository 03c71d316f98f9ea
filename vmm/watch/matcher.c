/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions, through libtre: see matcher.h. */
#include "vmm/watch/matcher.h"

#include <string.h>

/* Also what weighs nothing is bounded: anchors, escapes, the names of classes. */
enum { TEXT_MAX_BYTES = 4 * MATCHER_MAX_WEIGHT };

/* A look at an expression from its beginning on. Errors of syntax are the library's to find. */
struct scan {
	const char *at;
	unsigned groups;
	bool has_quote; /* libtre's own \Q, after which nothing means what it says */
};

static void skip(struct scan *s, size_t n)
{
	while (n-- && *s->at)
		s->at++;
}

/* A bracket expression weighs as many ranges, classes and characters as it has. */
static unsigned long weigh_bracket(struct scan *s)
{
	unsigned long weight = 0;

	skip(s, s->at[1] == '^' ? 2 : 1);
	for (bool first = true; *s->at && (first || *s->at != ']'); first = false, weight++) {
		bool is_class = *s->at == '[' && s->at[1] && strchr(":.=", s->at[1]);
		const char *end = is_class ? strchr(s->at + 2, ']') : NULL;
		skip(s, end ? (size_t)(end - s->at) + 1 : 1);
		if (*s->at == '-' && s->at[1] && s->at[1] != ']')
			skip(s, 2);
	}
	skip(s, 1);
	return weight;
}

static unsigned long weigh(struct scan *s);

/* A character, a bracket expression or a group. Anchors and bars weigh nothing. */
static unsigned long weigh_atom(struct scan *s)
{
	unsigned long weight;

	switch (*s->at) {
	case '(':
		skip(s, 1);
		s->groups++;
		weight = weigh(s);
		skip(s, 1);
		return weight;
	case '[':
		return weigh_bracket(s);
	case '|':
	case '^':
	case '$':
		skip(s, 1);
		return 0;
	case '\\':
		s->has_quote |= s->at[1] == 'Q';
		skip(s, 2);
		return 1;
	default:
		skip(s, 1);
		return 1;
	}
}

/* The largest number in a bound: "{m}", "{m,}" or "{m,n}". */
static unsigned long read_bound(struct scan *s)
{
	unsigned long n = 0, most = 1;

	for (skip(s, 1); *s->at && *s->at != '}'; skip(s, 1)) {
		bool is_digit = *s->at >= '0' && *s->at <= '9';
		n = is_digit ? n * 10 + (unsigned long)(*s->at - '0') : 0;
		n = n < MATCHER_MAX_WEIGHT ? n : MATCHER_MAX_WEIGHT;
		most = n > most ? n : most;
	}
	skip(s, 1);
	return most;
}

/* Up to the end, or to the parenthesis that ends a group; or to where it is too much already. */
static unsigned long weigh(struct scan *s)
{
	unsigned long sum = 0;

	while (*s->at && *s->at != ')' && sum <= MATCHER_MAX_WEIGHT &&
	       s->groups <= MATCHER_MAX_GROUPS) {
		unsigned long weight = weigh_atom(s);
		while (*s->at && strchr("*+?{", *s->at)) {
			if (*s->at != '{')
				skip(s, 1);
			else if (weight <= MATCHER_MAX_WEIGHT)
				weight *= read_bound(s);
			else
				(void)read_bound(s);
		}
		sum += weight;
	}
	return sum;
}

static int check_size(const char *text, struct err *e)
{
	struct scan scan = {.at = text};
	unsigned long weight = 0;

	while (*scan.at && weight <= MATCHER_MAX_WEIGHT && scan.groups <= MATCHER_MAX_GROUPS) {
		weight += weigh(&scan);
		weight += *scan.at == ')'; /* one that ends no group is a character */
		skip(&scan, *scan.at == ')');
	}
	if (scan.groups > MATCHER_MAX_GROUPS)
		return err_set(e, "'%.100s' is too large: more than %d groups", text,
			       MATCHER_MAX_GROUPS);
	if (weight > MATCHER_MAX_WEIGHT || strlen(text) > TEXT_MAX_BYTES)
		return err_set(e,
			       "'%.100s' is too large: more than %d characters, counted as often "
			       "as bounds repeat them",
			       text, MATCHER_MAX_WEIGHT);
	if (scan.has_quote)
		return err_set(e, "'%.100s': \\Q is no part of a POSIX regular expression", text);
	return 0;
}

int matcher_init(struct matcher *m, const char *text, bool ends, struct err *e)
{
	char why[160];

	if (!*text)
		return err_set(e, "an empty pattern would match anything");
	if (check_size(text, e))
		return -1;
	/* Bytes: nothing here sets a locale, and a console need not be text. */
	int error = tre_regcomp(&m->re, text, REG_EXTENDED | (ends ? 0 : REG_NOSUB));
	if (error) {
		tre_regerror(error, &m->re, why, sizeof(why));
		return err_set(e, "'%.100s' is not a regular expression: %s", text, why);
	}
	const char *refused = tre_have_backrefs(&m->re) ? "back-references"
			      : tre_have_approx(&m->re) ? "approximate matching"
							: NULL;
	if (!refused)
		return 0;
	matcher_fini(m);
	return err_set(e, "'%.100s': %s would take a time without bounds; not supported", text,
		       refused);
}

void matcher_fini(struct matcher *m)
{
	tre_regfree(&m->re);
}

bool matcher_find(const struct matcher *m, const char *text, bool inside, size_t *end)
{
	regmatch_t match;
	int flags = inside ? REG_NOTBOL : 0;

	if (tre_regexec(&m->re, text, end ? 1 : 0, &match, flags) != REG_OK)
		return false;
	if (end)
		*end = (size_t)match.rm_eo;
	return true;
}
