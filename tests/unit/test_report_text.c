/* SPDX-License-Identifier: BSD-3-Clause */
/* What a report is written with: text in JSON and XML, and the file that it goes to. */
#include "suite.h"
#include "vmm/report/json.h"
#include "vmm/report/outfile.h"
#include "vmm/report/xml.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The same bytes for both formats. */
static const struct {
	const char *text, *json, *xml;
} texts[] = {
	{"", "\"\"\n", ""},
	{"plain 'text'", "\"plain 'text'\"\n", "plain 'text'"},
	{"\"\\/<>&", "\"\\\"\\\\/<>&\"\n", "&#34;\\/&#60;&#62;&#38;"},
	{"a\nb\tc\rd", "\"a\\nb\\u0009c\\u000dd\"\n", "a\nb\tc&#xfffd;d"},
	{"\x01\x1b\x7f", "\"\\u0001\\u001b\\u007f\"\n", "&#xfffd;&#xfffd;&#127;"},
	{"k\xc5\xaf\xc5\x88 \xe5\x8c\x97 \xf0\x9f\x90\xa7",
	 "\"k\xc5\xaf\xc5\x88 \xe5\x8c\x97 \xf0\x9f\x90\xa7\"\n",
	 "k\xc5\xaf\xc5\x88 \xe5\x8c\x97 \xf0\x9f\x90\xa7"},
	/* no UTF-8: alone, cut short, too long a form, a surrogate, beyond the last */
	{"\x80|\xff", "\"\\ufffd|\\ufffd\"\n", "&#xfffd;|&#xfffd;"},
	{"\xe5\x8c", "\"\\ufffd\\ufffd\"\n", "&#xfffd;&#xfffd;"},
	{"\xc0\xaf", "\"\\ufffd\\ufffd\"\n", "&#xfffd;&#xfffd;"},
	{"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"\n", "&#xfffd;&#xfffd;&#xfffd;"},
	{"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"\n",
	 "&#xfffd;&#xfffd;&#xfffd;&#xfffd;"},
	/* U+FFFD itself stays; U+FFFE is none of XML's */
	{"\xef\xbf\xbd", "\"\xef\xbf\xbd\"\n", "\xef\xbf\xbd"},
	{"\xef\xbf\xbe", "\"\xef\xbf\xbe\"\n", "&#xfffd;"},
};

START_TEST(text_is_fit_for_both_formats)
{
	char *got = NULL;
	size_t size;
	FILE *f = open_memstream(&got, &size);
	struct json j = {.f = f};

	json_begin(&j, NULL, '[');
	json_string(&j, NULL, texts[_i].text);
	json_end(&j, ']');
	fputc('|', f);
	xml_text(f, texts[_i].text);
	fclose(f);
	char *want = NULL;
	ck_assert_int_gt(asprintf(&want, "[\n  %.*s\n]\n|%s", (int)strlen(texts[_i].json) - 1,
				  texts[_i].json, texts[_i].xml),
			 0);
	ck_assert_str_eq(got, want);
	free(got);
	free(want);
}
END_TEST

START_TEST(json_nests)
{
	char *got = NULL;
	size_t size;
	FILE *f = open_memstream(&got, &size);
	struct json j = {.f = f};

	json_begin(&j, NULL, '{');
	json_begin(&j, "empty", '[');
	json_end(&j, ']');
	json_begin(&j, "list", '[');
	json_number(&j, NULL, UINT64_MAX);
	json_bool(&j, NULL, true);
	json_end(&j, ']');
	json_string(&j, "nothing", NULL);
	json_end(&j, '}');
	fclose(f);
	ck_assert_str_eq(got, "{\n  \"empty\": [],\n  \"list\": [\n    18446744073709551615,\n    "
			      "true\n  ],\n  \"nothing\": null\n}\n");
	free(got);
}
END_TEST

/* --- the file */

static char folder[32];

static void enter(void)
{
	strcpy(folder, "/tmp/minivmm-outfile.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

/* Names in the folder, and the content of "r" after a colon. */
static const char *state(void)
{
	static char text[256];
	DIR *d = opendir(".");
	struct dirent *entry;
	size_t n = 0;

	text[0] = '\0';
	while ((entry = readdir(d)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%.8s ", entry->d_name);
	closedir(d);
	int fd = open("r", O_RDONLY);
	if (fd >= 0) {
		ssize_t bytes = read(fd, text + n, sizeof(text) - n - 1);
		text[n + (size_t)bytes] = '\0';
		close(fd);
	}
	return text;
}

static void write_old(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(write(fd, "old", 3), 3);
	close(fd);
}

START_TEST(a_file_is_whole_or_not_there)
{
	struct outfile o;
	struct err e;

	write_old("r");
	ck_assert_int_eq(outfile_open(&o, "r", &e), 0);
	ck_assert_int_eq(outfile_create(&o, &e), 0);
	ck_assert_str_eq(state(), ".minivmm ");
	ck_assert_int_eq(outfile_write(&o, "a longer one", 12, &e), 0);
	ck_assert_int_eq(outfile_write(&o, "new", 3, &e), 0);
	ck_assert_str_eq(state(), ".minivmm ");
	ck_assert_int_eq(outfile_name(&o), 0);
	ck_assert_str_eq(state(), "r new");
	outfile_close(&o);
	ck_assert_ptr_null(o.path);
	outfile_remove(&o); /* nothing is open: nothing happens */
	outfile_close(&o);
	ck_assert_str_eq(state(), "r new");

	ck_assert_int_eq(outfile_open(&o, "r", &e), 0);
	ck_assert_int_eq(outfile_create(&o, &e), 0);
	outfile_remove(&o);
	outfile_close(&o);
	ck_assert_str_eq(state(), "");
}
END_TEST

START_TEST(a_link_is_followed)
{
	struct outfile o;
	struct err e;

	ck_assert_int_eq(mkdir("there", 0700), 0);
	write_old("there/file");
	ck_assert_int_eq(symlink("there/file", "r"), 0);
	ck_assert_int_eq(outfile_open(&o, "r", &e), 0);
	ck_assert_int_eq(outfile_create(&o, &e), 0);
	ck_assert_int_eq(outfile_write(&o, "new", 3, &e), 0);
	ck_assert_int_eq(outfile_name(&o), 0);
	outfile_close(&o);
	struct stat st;
	ck_assert_int_eq(lstat("r", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(lstat("there/file", &st), 0);
	ck_assert_int_eq(st.st_size, 3);
}
END_TEST

/* /dev/stderr leads through /proc to a pipe, which has no name that could be renamed to. */
START_TEST(a_pipe_is_written_to)
{
	struct outfile o;
	struct err e;
	int fd[2];
	char path[32], got[8] = "";

	ck_assert_int_eq(pipe(fd), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd[1]);
	ck_assert_int_eq(symlink(path, "r"), 0);
	ck_assert_int_eq(outfile_open(&o, "r", &e), 0);
	ck_assert_int_eq(outfile_create(&o, &e), 0);
	ck_assert_int_eq(outfile_write(&o, "piped", 5, &e), 0);
	ck_assert_int_eq(outfile_name(&o), 0);
	outfile_close(&o);
	ck_assert_int_eq(read(fd[0], got, sizeof(got)), 5);
	ck_assert_str_eq(got, "piped");
	struct stat st;
	ck_assert_int_eq(lstat("r", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
}
END_TEST

/* What a reader leaves in a pipe's way is given up, not waited for. */
START_TEST(a_pipe_that_nobody_reads_is_given_up)
{
	static char much[1 << 20];
	struct outfile o;
	struct err e;

	ck_assert_int_eq(mkfifo("r", 0600), 0);
	ck_assert_int_eq(outfile_open(&o, "r", &e), -1);
	ck_assert_str_eq(e.text, "r: a FIFO that nobody reads; its reader must be there first");
	ck_assert_ptr_null(o.path);
	int reader = open("r", O_RDONLY | O_NONBLOCK);
	ck_assert_int_eq(outfile_open(&o, "r", &e), 0);
	ck_assert_int_eq(outfile_create(&o, &e), 0);
	ck_assert_int_eq(fcntl(o.fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(outfile_write(&o, much, sizeof(much), &e), -1);
	ck_assert_str_eq(e.text, "r: nobody reads it");
	outfile_close(&o);
	close(reader);
}
END_TEST

START_TEST(errors_name_the_path)
{
	struct outfile o;
	struct err e;
	char deep[NAME_MAX + 8];

	ck_assert_int_eq(outfile_open(&o, "none/r", &e), -1);
	ck_assert_str_eq(e.text, "none/r: No such file or directory");
	ck_assert_ptr_null(o.path);
	ck_assert_int_eq(mkdir("dir", 0700), 0);
	ck_assert_int_eq(outfile_open(&o, "dir", &e), 0);
	ck_assert_int_eq(outfile_create(&o, &e), -1);
	outfile_remove(&o);
	outfile_close(&o);
	ck_assert_str_eq(e.text, "dir: Is a directory");
	memset(deep, 'x', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	ck_assert_int_eq(outfile_open(&o, deep, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, ": File name too long"));
	ck_assert_int_eq(outfile_open(&o, "/dev/full", &e), 0);
	ck_assert_int_eq(outfile_create(&o, &e), 0);
	ck_assert_int_eq(outfile_write(&o, "x", 1, &e), -1);
	ck_assert_str_eq(e.text, "/dev/full: No space left on device");
}
END_TEST

static void leave(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}

int main(void)
{
	Suite *s = suite_create("report text");
	TCase *t = tcase_create("text"), *files = tcase_create("file");

	tcase_add_loop_test(t, text_is_fit_for_both_formats, 0, COUNT(texts));
	tcase_add_test(t, json_nests);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(files, enter, leave);
	tcase_add_test(files, a_file_is_whole_or_not_there);
	tcase_add_test(files, a_link_is_followed);
	tcase_add_test(files, a_pipe_is_written_to);
	tcase_add_test(files, a_pipe_that_nobody_reads_is_given_up);
	tcase_add_test(files, errors_name_the_path);
	suite_add_tcase(s, files);
	return run_suite(s);
}
