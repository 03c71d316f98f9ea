/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions, through libtre: see matcher.h. */
#include "vmm/watch/matcher.h"

#include <ctype.h>
#include <string.h>

enum {
	TEXT_MAX_BYTES = 4 * MATCHER_MAX_WEIGHT, /* the name of a class is long but weighs 1 */
	TOO_MUCH = MATCHER_MAX_WEIGHT + 1,
	BOUND_MAX = 255, /* RE_DUP_MAX: POSIX.1-2017, <limits.h> */
	/* When ends are requested, each character needs memory for each group. */
	ACCOUNTS_MAX = 10 * MATCHER_MAX_WEIGHT,
};

/* A scan of an expression from its beginning. Syntax errors are left to the library. */
struct scan {
	const char *at;
	unsigned groups, anchors;
	/* A feature that POSIX lacks, or NULL. libtre has such features, and not all are safe. */
	const char *wrong;
};

static void skip(struct scan *s, size_t n)
{
	while (n-- && *s->at)
		s->at++;
}

static const struct {
	const char *name;
	int (*has)(int c);
} classes[] = {
	{"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
	{"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
	{"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

/* Skips "[:name:]", and sets its characters in @in. */
static void take_class(struct scan *s, bool in[256])
{
	const char *name = s->at + 2, *end = s->at[1] == ':' ? strstr(name, ":]") : NULL;

	if (!end)
		s->wrong = "'[' in brackets begins a class, as in [[:alpha:]], and nothing else";
	for (size_t i = 0; end && i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strlen(classes[i].name) == (size_t)(end - name) &&
		    strncmp(classes[i].name, name, (size_t)(end - name)) == 0)
			for (int c = 0; c < 256; c++)
				in[c] = classes[i].has(c);
	skip(s, end ? (size_t)(end - s->at) + 2 : 1);
}

/* Reads a member of a bracket expression (a class, range or character) and counts it in @times. */
static void take_member(struct scan *s, unsigned times[256])
{
	bool in[256] = {false};
	unsigned char first = (unsigned char)*s->at, last = first;

	if (*s->at == '[' && s->at[1] && strchr(":.=", s->at[1])) {
		take_class(s, in);
	} else {
		skip(s, 1);
		if (*s->at == '-' && s->at[1] && s->at[1] != ']') {
			last = (unsigned char)s->at[1];
			skip(s, 2);
		}
		for (int c = first; c <= last; c++)
			in[c] = true;
	}
	for (int c = 0; c < 256; c++)
		times[c] += in[c];
}

/* A bracket expression weighs as much as it has ranges, classes and characters. */
static unsigned long weigh_bracket(struct scan *s)
{
	unsigned times[256] = {0};
	unsigned long weight = 0;
	bool is_negated = s->at[1] == '^';

	skip(s, is_negated ? 2 : 1);
	for (bool first = true; *s->at && (first || *s->at != ']'); first = false, weight++)
		take_member(s, times);
	for (int c = 0; is_negated && c < 256; c++)
		if (times[c] > 1) /* libtre 0.8 matches some of these by mistake */
			s->wrong = "members of a '[^...]' overlap";
	if (!*s->at)
		s->wrong = "'[' without a ']'";
	skip(s, 1);
	return weight;
}

static unsigned long weigh(struct scan *s);

/* Reads a character, anchor, bar, bracket expression or group; each needs at least one state. */
static unsigned long weigh_atom(struct scan *s)
{
	unsigned long weight;

	switch (*s->at) {
	case '(':
		skip(s, 1);
		s->groups++;
		weight = 1 + weigh(s);
		skip(s, 1);
		return weight;
	case '[':
		return weigh_bracket(s);
	case '*':
	case '+':
	case '?':
	case '{':
		s->wrong = "'*', '+', '?' or '{' repeats nothing; the character is '\\*'";
		skip(s, 1);
		return 1;
	case '\\':
		if (s->at[1] == 'Q')
			s->wrong = "'\\Q' is not POSIX's";
		skip(s, 2);
		return 1;
	case '^':
	case '$':
		s->anchors++;
		skip(s, 1);
		return 1;
	default:
		skip(s, 1);
		return 1;
	}
}

static unsigned long read_number(struct scan *s)
{
	unsigned long n = 0;

	for (; *s->at >= '0' && *s->at <= '9'; skip(s, 1))
		n = n > BOUND_MAX ? n : n * 10 + (unsigned long)(*s->at - '0');
	return n;
}

/* The largest number in a bound: "{m}", "{m,}" or "{m,n}". */
static unsigned long read_bound(struct scan *s)
{
	skip(s, 1);
	unsigned long n = read_number(s), most = n > 1 ? n : 1;
	if (*s->at == ',') {
		skip(s, 1);
		n = read_number(s);
		most = n > most ? n : most;
	}
	if (*s->at != '}' || most > BOUND_MAX)
		s->wrong = "a bound is {m}, {m,} or {m,n}, with numbers up to 255";
	skip(s, 1);
	return most;
}

static bool is_too_large(const struct scan *s, unsigned long weight)
{
	return weight > MATCHER_MAX_WEIGHT || s->groups > MATCHER_MAX_GROUPS;
}

/* Reads up to the end or the closing parenthesis of a group, or until the weight is too large. */
static unsigned long weigh(struct scan *s)
{
	unsigned long sum = 0;

	while (*s->at && *s->at != ')' && !is_too_large(s, sum)) {
		unsigned anchors = s->anchors;
		unsigned long weight = weigh_atom(s);
		while (*s->at && strchr("*+?{", *s->at)) {
			if (s->anchors > anchors) /* libtre 0.8 then misses matches */
				s->wrong = "'^' and '$' cannot be in what '*', '+', '?' or '{' "
					   "repeats";
			if (*s->at != '{')
				skip(s, 1);
			else
				weight *= read_bound(s);
			weight = weight < TOO_MUCH ? weight : TOO_MUCH;
		}
		sum += weight;
	}
	return sum;
}

static int check_size(const char *text, bool ends, struct err *e)
{
	struct scan scan = {.at = text};
	unsigned long weight = weigh(&scan);

	if (*scan.at == ')' && !is_too_large(&scan, weight))
		scan.wrong = "')' ends no group; the character is '\\)'";
	if (scan.wrong)
		return err_set(e, "'%.100s' is not a regular expression: %s", text, scan.wrong);
	if (scan.groups > MATCHER_MAX_GROUPS)
		return err_set(e, "'%.100s' is too large: more than %d groups", text,
			       MATCHER_MAX_GROUPS);
	if (weight > MATCHER_MAX_WEIGHT || strlen(text) > TEXT_MAX_BYTES)
		return err_set(e,
			       "'%.100s' is too large: more than %d characters, counted as often "
			       "as bounds repeat them",
			       text, MATCHER_MAX_WEIGHT);
	if (ends && weight * scan.groups > ACCOUNTS_MAX)
		return err_set(e,
			       "'%.100s' is too large for patterns in order: %lu characters and "
			       "%u groups, whose product may be %d",
			       text, weight, scan.groups, ACCOUNTS_MAX);
	return 0;
}

int matcher_init(struct matcher *m, const char *text, bool ends, struct err *e)
{
	char why[160];

	if (!*text)
		return err_set(e, "an empty pattern would match anything");
	if (check_size(text, ends, e))
		return -1;
	/* Bytes, not characters: no locale is set, and a console need not be text. */
	int error = tre_regcomp(&m->re, text, REG_EXTENDED | (ends ? 0 : REG_NOSUB));
	if (error) {
		tre_regerror(error, &m->re, why, sizeof(why));
		return err_set(e, "'%.100s' is not a regular expression: %s", text, why);
	}
	if (!tre_have_backrefs(&m->re))
		return 0;
	matcher_fini(m);
	return err_set(e,
		       "'%.100s': back-references would take a time without bounds, and are not "
		       "supported; look for them in a --log afterwards",
		       text);
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
