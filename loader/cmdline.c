/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel command line builder: see cmdline.h. */
#include "loader/cmdline.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char separator[] = " -- ";

int cmdline_init(struct cmdline *c, char *storage, size_t capacity, struct err *e)
{
	if (capacity == 0 || capacity > CMDLINE_MAX_BYTES)
		return err_set(e, "command line: a capacity of %zu bytes, expected 1 to %d",
			       capacity, CMDLINE_MAX_BYTES);
	*c = (struct cmdline){storage, storage + capacity, capacity};
	c->boot[0] = '\0';
	c->init[0] = '\0';
	return 0;
}

/* A tab or a newline would end a parameter for the kernel (isspace()), a NUL the line. */
static int check_characters(const char *s, struct err *e)
{
	for (size_t i = 0; s[i]; i++)
		if (s[i] < ' ' || s[i] > '~')
			return err_set(e,
				       "command line: byte 0x%02x at offset %zu is not a printable "
				       "ASCII character",
				       (unsigned char)s[i], i);
	return 0;
}

static int check_quotes(const char *s, struct err *e)
{
	const char *open = NULL;
	for (const char *p = s; *p; p++)
		if (*p == '"')
			open = open ? NULL : p;
	if (open)
		return err_set(e, "command line: the quote at offset %td is not closed", open - s);
	return 0;
}

/*
 * Finds the first parameter "--", as the kernel sees it: next_arg() splits at spaces outside quotes
 * and takes the quotes off a parameter that is quoted as a whole. What lies before it is [0,
 * *before), without the one space that belongs to the separator; what lies after it begins
 * at *after.
 */
static bool find_separator(const char *s, size_t *before, size_t *after)
{
	size_t i = 0;
	while (s[i]) {
		size_t start = i;
		bool quoted = false;
		for (; s[i] && (quoted || s[i] != ' '); i++)
			if (s[i] == '"')
				quoted = !quoted;
		size_t len = i - start;
		if ((len == 2 && memcmp(s + start, "--", 2) == 0) ||
		    (len == 4 && memcmp(s + start, "\"--\"", 4) == 0)) {
			*before = start ? start - 1 : 0;
			*after = s[i] ? i + 1 : i;
			return true;
		}
		if (s[i])
			i++;
	}
	return false;
}

/* The length of two parts with a space between them where both are there. */
static size_t joined(size_t a, size_t b)
{
	return a && b ? a + 1 + b : a + b;
}

static size_t rendered(size_t boot, size_t init)
{
	if (!init)
		return boot;
	/* Where nothing comes before the separator, its first space is left out. */
	return boot + init + (boot ? sizeof(separator) - 1 : sizeof(separator) - 2);
}

/* Would @boot and @init more bytes fit? */
static int check_room(const struct cmdline *c, size_t boot, size_t init, struct err *e)
{
	size_t len = rendered(joined(strlen(c->boot), boot), joined(strlen(c->init), init));
	if (len >= c->capacity)
		return err_set(e, "command line: %zu bytes, but the kernel takes at most %zu", len,
			       c->capacity - 1);
	return 0;
}

static void append(char *part, const char *s, size_t n)
{
	size_t len = strlen(part);
	memcpy(part + len, s, n);
	part[len + n] = '\0';
}

/* Appends @n bytes as a parameter of its own. */
static void append_apart(char *part, const char *s, size_t n)
{
	if (part[0] && n)
		append(part, " ", 1);
	append(part, s, n);
}

static int check_key(const char *key, struct err *e)
{
	if (!key[0])
		return err_set(e, "command line: an empty key");
	if (check_characters(key, e))
		return -1;
	size_t bad = strcspn(key, "= \"");
	if (key[bad])
		return err_set(e, "command line: '%c' in the key '%s'", key[bad], key);
	return 0;
}

static int check_value(const char *key, const char *value, struct err *e)
{
	if (check_characters(value, e))
		return -1;
	if (!value[0])
		return err_set(e, "command line: an empty value for the key '%s'", key);
	if (strchr(value, '"'))
		return err_set(e,
			       "command line: a quote in the value for the key '%s', which the "
			       "kernel has no way to escape",
			       key);
	return 0;
}

/* Appends what was checked: KEY=VALUE,VALUE..., the values in quotes if one has a space. */
static int add_values(struct cmdline *c, const char *key, const char *const *values, size_t n,
		      struct err *e)
{
	const char *quote = "";
	size_t len = strlen(key) + n; /* with '=' and the commas */

	for (size_t i = 0; i < n; i++) {
		len += strlen(values[i]);
		if (strchr(values[i], ' '))
			quote = "\"";
	}
	if (check_room(c, len + 2 * strlen(quote), 0, e))
		return -1;
	append_apart(c->boot, key, strlen(key));
	append(c->boot, "=", 1);
	append(c->boot, quote, strlen(quote));
	for (size_t i = 0; i < n; i++) {
		append(c->boot, ",", i ? 1 : 0);
		append(c->boot, values[i], strlen(values[i]));
	}
	append(c->boot, quote, strlen(quote));
	return 0;
}

int cmdline_add_kv(struct cmdline *c, const char *key, const char *value, struct err *e)
{
	if (check_key(key, e) || check_value(key, value, e))
		return -1;
	return add_values(c, key, &value, 1, e);
}

int cmdline_add_list(struct cmdline *c, const char *key, const char *const *values, size_t n,
		     struct err *e)
{
	if (check_key(key, e))
		return -1;
	if (!n)
		return err_set(e, "command line: no value for the key '%s'", key);
	for (size_t i = 0; i < n; i++) {
		if (check_value(key, values[i], e))
			return -1;
		if (strchr(values[i], ','))
			return err_set(e,
				       "command line: a comma in the value '%s' for the key '%s', "
				       "where commas separate values",
				       values[i], key);
	}
	return add_values(c, key, values, n, e);
}

int cmdline_add_virtio_mmio(struct cmdline *c, uint64_t bytes, gpa_t base, uint32_t irq, int id,
			    struct err *e)
{
	static const char *const suffixes[] = {"", "K", "M", "G"}; /* by 1024 each */
	size_t s = 0;
	char value[80], *end = value;

	if (!bytes)
		return err_set(e, "command line: a virtio-mmio device of 0 bytes at 0x%" PRIx64,
			       base);
	for (; bytes % 1024 == 0 && s < 3; s++)
		bytes /= 1024;
	end += snprintf(value, sizeof(value), "%" PRIu64 "%s@0x%" PRIx64 ":%" PRIu32, bytes,
			suffixes[s], base, irq);
	if (id >= 0)
		snprintf(end, (size_t)(value + sizeof(value) - end), ":%d", id);
	return cmdline_add_kv(c, "virtio_mmio.device", value, e);
}

int cmdline_add_string(struct cmdline *c, const char *params, struct err *e)
{
	size_t before, after;
	if (check_characters(params, e) || check_quotes(params, e))
		return -1;
	if (find_separator(params, &before, &after))
		return err_set(e,
			       "command line: \"--\" at offset %zu among the kernel's parameters "
			       "(arguments for init are added apart)",
			       before);
	if (check_room(c, strlen(params), 0, e))
		return -1;
	append_apart(c->boot, params, strlen(params));
	return 0;
}

int cmdline_add_init(struct cmdline *c, const char *args, struct err *e)
{
	if (check_characters(args, e) || check_quotes(args, e) || check_room(c, 0, strlen(args), e))
		return -1;
	append_apart(c->init, args, strlen(args));
	return 0;
}

int cmdline_parse(struct cmdline *c, const char *line, struct err *e)
{
	size_t boot = strlen(line);
	size_t init = boot;
	if (check_characters(line, e) || check_quotes(line, e))
		return -1;
	(void)find_separator(line, &boot, &init);
	if (check_room(c, boot, strlen(line + init), e))
		return -1;
	append_apart(c->boot, line, boot);
	append_apart(c->init, line + init, strlen(line + init));
	return 0;
}

size_t cmdline_length(const struct cmdline *c)
{
	return rendered(strlen(c->boot), strlen(c->init));
}

void cmdline_render(const struct cmdline *c, char *dst)
{
	const char *sep = !c->init[0] ? "" : c->boot[0] ? separator : separator + 1;
	const char *parts[] = {c->boot, sep, c->init};

	/* @dst may be the guest's memory: nothing is read from there. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t len = strlen(parts[i]);
		memcpy(dst, parts[i], len);
		dst += len;
	}
	*dst = '\0';
}

int cmdline_load(const struct cmdline *c, const struct gmem *mem, gpa_t gpa, struct err *e)
{
	size_t bytes = cmdline_length(c) + 1;
	char *dst = gmem_at(mem, gpa, bytes);
	if (!dst)
		return err_set(e, "command line: %zu bytes at 0x%" PRIx64 " do not lie in RAM",
			       bytes, gpa);
	cmdline_render(c, dst);
	return 0;
}

bool cmdline_has(const char *line, const char *name)
{
	size_t n = strlen(name);
	for (const char *word = line; *word;) {
		size_t len = strcspn(word, " \t\n");
		if (len >= n && memcmp(word, name, n) == 0 && (len == n || word[n] == '='))
			return true;
		word += len + strspn(word + len, " \t\n");
	}
	return false;
}
