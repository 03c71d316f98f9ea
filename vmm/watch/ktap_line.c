/* SPDX-License-Identifier: BSD-3-Clause */
/* Parses one line of KTAP: see ktap_line.h. */
#include "vmm/watch/ktap_line.h"

#include <string.h>
#include <strings.h>

static bool is_end(char c)
{
	return c == '\0' || c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* The text after @word, or NULL when the line does not begin with it. */
static const char *skip_word(const char *s, const char *word)
{
	size_t n = strlen(word);

	return strncmp(s, word, n) == 0 ? s + n : NULL;
}

/* The text after the digits of a number, or NULL when there are none. */
static const char *skip_number(const char *s, uint64_t *number)
{
	const char *digits = s;

	for (*number = 0; *s >= '0' && *s <= '9'; s++) {
		unsigned digit = (unsigned)(*s - '0');
		*number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
	}
	return s > digits ? s : NULL;
}

/* The text up to @end, or up to the end of the line, without the blanks around it. */
static struct ktap_text trimmed(const char *s, const char *end)
{
	struct ktap_text t = {skip_blanks(s), 0};

	end = end ? end : s + strlen(s);
	while (end > t.at && is_end(end[-1]))
		end--;
	t.n = end > t.at ? (size_t)(end - t.at) : 0;
	return t;
}

/*
 * The directives after "#". The two of TAP may be in upper or lower case; the others are the
 * kernel's, and "error" may also begin a free text.
 */
static const struct {
	const char *word;
	bool any_case;
	enum ktap_result result;
} directives[] = {
	{"SKIP", true, KTAP_SKIP},   {"SKIPPED", true, KTAP_SKIP},     {"TODO", true, KTAP_TODO},
	{"XFAIL", false, KTAP_TODO}, {"TIMEOUT", false, KTAP_TIMEOUT}, {"ERROR", false, KTAP_ERROR},
};

/* Parses the text after "#". */
static void read_directive(struct ktap_said *said, const char *s)
{
	s = skip_blanks(s);
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
		size_t n = strlen(directives[i].word);
		int differs = directives[i].any_case ? strncasecmp(s, directives[i].word, n)
						     : strncmp(s, directives[i].word, n);
		if (differs || !(is_end(s[n]) || s[n] == ':'))
			continue;
		said->result = directives[i].result;
		s += s[n] == ':' ? n + 1 : n;
		break;
	}
	said->reason = trimmed(s, NULL);
}

/* The "#" that ends a test's name, which has blanks around it. NULL: there is none. */
static const char *find_hash(const char *s)
{
	for (const char *at = s; (at = strchr(at, '#')) != NULL; at++)
		if ((at == s || is_end(at[-1])) && is_end(at[1]))
			return at;
	return NULL;
}

/* @s is the text after "ok". */
static void read_test(struct ktap_said *said, const char *s)
{
	if (!is_end(*s))
		return;
	s = skip_blanks(s);
	const char *after = skip_number(s, &said->number);
	if (after && is_end(*after)) {
		said->has_number = true;
		s = skip_blanks(after);
	}
	if (s[0] == '-' && is_end(s[1]))
		s = skip_blanks(s + 1);
	const char *hash = find_hash(s);
	said->kind = KTAP_TEST;
	said->name = trimmed(s, hash);
	if (hash)
		read_directive(said, hash + 1);
}

/* @s is the text after "1..". */
static void read_plan(struct ktap_said *said, const char *s)
{
	s = skip_number(s, &said->number);
	if (!s || !is_end(*s))
		return;
	s = skip_blanks(s);
	if (*s && *s != '#')
		return;
	said->kind = KTAP_PLAN;
	if (*s)
		read_directive(said, s + 1);
}

/* @s is the text after "TAP version ". */
static void read_version(struct ktap_said *said, const char *s)
{
	s = skip_number(s, &said->number);
	if (s && !*skip_blanks(s))
		said->kind = KTAP_VERSION;
}

static void read_subtest(struct ktap_said *said, const char *line, const char *s)
{
	/* The "# " of this line is part of it, and no indentation. */
	if (s - line < 2 || s[-2] != '#')
		return;
	said->kind = KTAP_SUBTEST;
	said->width -= 2;
	said->name = trimmed(s + strlen("Subtest:"), NULL);
}

/* A tab counts as four blanks, KUnit's indentation, for which its first versions used tabs. */
static const char *skip_indent(const char *s, unsigned *width)
{
	for (*width = 0; *s == ' ' || *s == '\t' || (s[0] == '#' && s[1] == ' '); s++)
		if (*width <= KTAP_WIDTH_MAX + 2)
			*width += *s == '\t' ? 4 : 1;
	return s;
}

struct ktap_said ktap_read(const char *line)
{
	struct ktap_said said = {.kind = KTAP_UNKNOWN};
	const char *s = skip_indent(line, &said.width), *rest;

	said.name = said.reason = (struct ktap_text){s, 0};
	if ((rest = skip_word(s, "ok")) != NULL) {
		read_test(&said, rest);
	} else if ((rest = skip_word(s, "not ok")) != NULL) {
		said.result = KTAP_FAIL;
		read_test(&said, rest);
	} else if ((rest = skip_word(s, "1..")) != NULL) {
		read_plan(&said, rest);
	} else if ((rest = skip_word(s, "KTAP version ")) != NULL ||
		   (rest = skip_word(s, "TAP version ")) != NULL) {
		read_version(&said, rest);
	} else if (skip_word(s, "Subtest:")) {
		read_subtest(&said, line, s);
	} else if ((rest = skip_word(s, "Bail out!")) != NULL) {
		said.kind = KTAP_BAIL_OUT;
		said.reason = trimmed(rest, NULL);
	}
	if (said.width > KTAP_WIDTH_MAX)
		said.kind = KTAP_UNKNOWN;
	return said;
}

bool ktap_is_failure(enum ktap_result result)
{
	return result == KTAP_FAIL || result == KTAP_TIMEOUT || result == KTAP_ERROR;
}
