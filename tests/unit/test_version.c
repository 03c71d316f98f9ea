/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --version, as far as it tells of libraries: each is in one of two lists. */
#include "suite.h"
#include "vmm/cli/version.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;

static void setup(void)
{
	size_t size;
	FILE *f = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(f);
	version_print(f);
	fclose(f);
}

static void teardown(void)
{
	free(text);
}

/* The rest of the line that begins with @title, after its blanks; NULL: there is none. */
static const char *line_of(const char *title)
{
	size_t n = strlen(title);

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (strncmp(line, title, n) == 0 && line[n] == ' ')
			return line + n + strspn(line + n, " ");
	return NULL;
}

/* How often @what stands in the line. */
static unsigned count(const char *line, const char *what)
{
	const char *end = line + strcspn(line, "\n");
	unsigned n = 0;

	for (const char *at = strstr(line, what); at && at < end; at = strstr(at + 1, what))
		n++;
	return n;
}

static const struct {
	const char *name, *library; /* NULL: this build does not have it */
} codecs[] = {
#ifdef HAVE_GZIP
	{"gzip", "gzip (zlib "},
#else
	{"gzip", NULL},
#endif
#ifdef HAVE_ZSTD
	{"zstd", "zstd (libzstd "},
#else
	{"zstd", NULL},
#endif
#ifdef HAVE_LZ4
	{"lz4", "lz4 (liblz4 "},
#else
	{"lz4", NULL},
#endif
#ifdef HAVE_XZ
	{"xz", "xz (liblzma "},
#else
	{"xz", NULL},
#endif
};

START_TEST(each_compression_is_in_one_list)
{
	const char *with = line_of("decompresses"), *without = line_of("left out");
	unsigned n_with = 0, n_without = 0;

	for (int i = 0; i < COUNT(codecs); i++) {
		const char *line = codecs[i].library ? with : without;
		const char *word = codecs[i].library ? codecs[i].library : codecs[i].name;
		ck_assert_msg(line && count(line, word) == 1, "%s is not in: %s", word, text);
		n_with += codecs[i].library != NULL;
		n_without += !codecs[i].library;
	}
	ck_assert_int_eq(with != NULL, n_with > 0);
	ck_assert_int_eq(without != NULL, n_without > 0);
	ck_assert(!with || (count(with, ", ") == n_with - 1 && *with != ','));
	ck_assert(!without || (count(without, ", ") == n_without - 1 && *without != ','));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("version");
	TCase *t = tcase_create("version");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, each_compression_is_in_one_list);
	suite_add_tcase(s, t);
	return run_suite(s);
}
