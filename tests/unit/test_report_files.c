/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of the reports: there when minivmm has ended, however that came, and whole. */
#include "suite.h"
#include "vmm/payload/payload_config.h"
#include "vmm/report/report_files.h"
#include "vmm/sandbox/guard.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[40];
static struct report_files files;
static struct result result;
static struct report report;
static struct payload_config payload;
static struct machine_config machine;
static struct strings none;
static struct kernel_facts kernel;
static struct timeline timeline;
static struct watch watch;
static struct tail tail;

static void setup(void)
{
	strcpy(folder, "/tmp/minivmm-reports-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	signal(SIGPIPE, SIG_IGN);
	memset(&files, 0, sizeof(files));
	result = (struct result){.kind = STOP_POWER_OFF, .reason = "the guest powered off"};
	report = (struct report){
		.payload = &payload,
		.machine = &machine,
		.fail_on = &none,
		.kernel = &kernel,
		.result = &result,
		.timeline = &timeline,
		.watch = &watch,
		.tail = &tail,
	};
}

static void teardown(void)
{
	char command[64];

	ck_assert_int_eq(chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}

/* How many names are in the folder. */
static unsigned names(void)
{
	DIR *d = opendir(".");
	unsigned n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static const char *content(const char *path)
{
	static char text[16384];
	FILE *f = fopen(path, "r");

	if (!f)
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

static bool has(const char *path, const char *part)
{
	const char *text = content(path);
	return text && strstr(text, part);
}

/* Signals are blocked when the files have their names; the next test wants them. */
static int write_reports(struct err *e)
{
	sigset_t old;

	sigprocmask(SIG_SETMASK, NULL, &old);
	int error = report_files_write(&files, &report, &result, e);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return error;
}

static const struct report_config configs[] = {{NULL, NULL}, {"j", NULL}, {NULL, "x"}, {"j", "x"}};

START_TEST(what_is_wanted_is_written)
{
	const struct report_config *cfg = &configs[_i];
	unsigned wanted = (cfg->json ? 1u : 0) + (cfg->junit ? 1u : 0);
	struct err e;

	ck_assert_int_eq(report_files_wanted(cfg), wanted > 0);
	ck_assert_msg(report_files_open(&files, cfg, SECCOMP_ON, &e) == 0, "%s", e.text);
	ck_assert_int_eq(files.namer.pid > 0, wanted > 0);
	ck_assert_uint_eq(names(), wanted); /* with another name */
	ck_assert(!content("j") && !content("x"));
	ck_assert_msg(write_reports(&e) == 0, "%s", e.text);
	ck_assert_uint_eq(names(), wanted);
	ck_assert_int_eq(has("j", "\"ending\": \"power-off\""), cfg->json != NULL);
	ck_assert_int_eq(has("x", "<testsuites tests=\"1\" failures=\"0\""), cfg->junit != NULL);
	ck_assert_int_eq(result.status, 0);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* the namer was waited for */
}
END_TEST

START_TEST(the_host_and_the_start_are_known)
{
	struct utsname u;
	struct err e;
	struct timespec now;
	char line[128];

	ck_assert_int_eq(uname(&u), 0);
	ck_assert_int_eq(report_files_open(&files, &configs[1], SECCOMP_ON, &e), 0);
	clock_gettime(CLOCK_REALTIME, &now);
	ck_assert_int_eq(write_reports(&e), 0);
	ck_assert_ptr_eq(report.host, &files.host);
	ck_assert_str_eq(report.host->sysname, u.sysname);
	ck_assert_str_eq(report.host->release, u.release);
	ck_assert_str_eq(report.host->machine, u.machine);
	ck_assert_uint_eq(report.host->cpus, (unsigned)sysconf(_SC_NPROCESSORS_ONLN));
	ck_assert_int_le(report.started.tv_sec, now.tv_sec);
	ck_assert_int_ge(report.started.tv_sec, now.tv_sec - 60);
	snprintf(line, sizeof(line), "model name\t: %s\n", report.host->cpu);
	ck_assert(has("/proc/cpuinfo", line));
}
END_TEST

static void make_folder(void)
{
	ck_assert_int_eq(mkdir("x", 0700), 0);
}

static const struct {
	struct report_config cfg;
	void (*prepare)(void);
	const char *text;
	unsigned left;
} refused[] = {
	{{"/nonexistent/j", "x"}, NULL, "--report: /nonexistent/j: No such file or directory", 0},
	{{"j", "/nonexistent/x"}, NULL, "--junit: /nonexistent/x: No such file or directory", 0},
	{{"j", "x"}, make_folder, "--junit: x: Is a directory", 1},
};

START_TEST(what_cannot_be_created_is_named)
{
	struct err e;

	if (refused[_i].prepare)
		refused[_i].prepare();
	ck_assert_int_eq(report_files_open(&files, &refused[_i].cfg, SECCOMP_ON, &e), -1);
	ck_assert_str_eq(e.text, refused[_i].text);
	ck_assert_ptr_null(files.file[0].path);
	ck_assert_ptr_null(files.file[1].path);
	ck_assert_uint_eq(names(), refused[_i].left); /* the namer removed what there was */
}
END_TEST

/* A report that cannot be written, and what the other says then. */
static const struct {
	struct report_config cfg;
	int status;
	enum stop_kind kind; /* of the run, before and after */
	int status_then;
	enum stop_kind kind_then;
	const char *text, *other, *said;
} failing[] = {
	{{"/dev/full", "x"},
	 0,
	 STOP_POWER_OFF,
	 125,
	 STOP_HOST,
	 "--report: /dev/full: No space left on device",
	 "x",
	 "errors=\"1\""},
	{{"j", "/dev/full"},
	 0,
	 STOP_POWER_OFF,
	 125,
	 STOP_HOST,
	 "--junit: /dev/full: No space left on device",
	 "j",
	 "\"status\": 125"},
	{{"j", "/dev/full"},
	 99,
	 STOP_EXIT,
	 125,
	 STOP_HOST,
	 "--junit: /dev/full: No space left on device",
	 "j",
	 "\"status\": 125"},
	{{"j", "/dev/full"},
	 101,
	 STOP_PANIC,
	 101,
	 STOP_PANIC,
	 "--junit: /dev/full: No space left on device",
	 "j",
	 "\"status\": 101"},
	{{"/dev/full", "/dev/full"},
	 0,
	 STOP_POWER_OFF,
	 125,
	 STOP_HOST,
	 "--report: /dev/full: No space left on device",
	 NULL,
	 NULL},
};

START_TEST(a_report_that_fails_fails_a_good_run)
{
	struct err e;

	result.status = failing[_i].status;
	result.kind = failing[_i].kind;
	ck_assert_int_eq(report_files_open(&files, &failing[_i].cfg, SECCOMP_ON, &e), 0);
	ck_assert_int_eq(write_reports(&e), -1);
	ck_assert_str_eq(e.text, failing[_i].text);
	ck_assert_int_eq(result.status, failing[_i].status_then);
	ck_assert_int_eq(result.kind, failing[_i].kind_then);
	if (failing[_i].other)
		ck_assert(has(failing[_i].other, failing[_i].said));
	ck_assert_uint_eq(names(), failing[_i].other != NULL);
}
END_TEST

/* A folder took the name meanwhile. */
START_TEST(a_name_that_is_taken_fails_a_good_run)
{
	struct err e;

	ck_assert_int_eq(report_files_open(&files, &configs[3], SECCOMP_ON, &e), 0);
	ck_assert_int_eq(mkdir(_i ? "x" : "j", 0700), 0);
	ck_assert_int_eq(write_reports(&e), -1);
	ck_assert_str_eq(e.text, _i ? "--junit: x: Is a directory" : "--report: j: Is a directory");
	ck_assert_int_eq(result.status, 125);
	ck_assert_uint_eq(names(), 2); /* the folder and the other report */
}
END_TEST

static const struct {
	const char *ending;
	int status;
	const char *why, *said;
} deaths[] = {
	{"timeout", 124, "it was still loaded", "it was still loaded"},
	{"signal", 143, "\"a\\b\"<c>&d\n\x7f~ ", "?a?b??c??d??~ "},
	{"error", 250, "", ""},
	{"error", 200, "", ""},
};

static void die(int i)
{
	struct err e;
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	if (report_files_open(&files, &configs[3], SECCOMP_ON, &e))
		_exit(1);
	guard_end(deaths[i].ending, deaths[i].status, deaths[i].why);
}

START_TEST(whoever_dies_leaves_a_report)
{
	char json[512], junit[768];
	int status;
	pid_t child = fork();

	if (child == 0)
		die(_i);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), deaths[_i].status);
	snprintf(json, sizeof(json),
		 "{\n  \"schema\": \"minivmm-report\",\n  \"schema_version\": 1,\n  \"minivmm\": "
		 "\"" MINIVMM_VERSION "\",\n  \"ending\": \"%s\",\n  \"status\": %d,\n  "
		 "\"reason\": \"%s\"\n}\n",
		 deaths[_i].ending, deaths[_i].status, deaths[_i].said);
	ck_assert_str_eq(content("j"), json);
	snprintf(junit, sizeof(junit), "<error type=\"%s %d\" message=\"%s\"/>", deaths[_i].ending,
		 deaths[_i].status, deaths[_i].said);
	ck_assert(has("x", junit));
	ck_assert(has("x", "</testsuites>\n"));
}
END_TEST

static void die_with_much_to_say(void)
{
	static char why[4096];
	struct err e;

	memset(why, 'x', sizeof(why) - 1);
	dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
	if (report_files_open(&files, &configs[3], SECCOMP_ON, &e))
		_exit(1);
	guard_end("error", 125, why);
}

/* What is too long is cut where it leaves the report whole. */
START_TEST(a_long_reason_leaves_the_report_whole)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		die_with_much_to_say();
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(has("j", "xxxx\"\n}\n"));
	ck_assert(has("x", "xxxx\"/>\n    </testcase>\n  </testsuite>\n</testsuites>\n"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report_files");
	TCase *t = tcase_create("report_files");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, what_is_wanted_is_written, 0, COUNT(configs));
	tcase_add_test(t, the_host_and_the_start_are_known);
	tcase_add_loop_test(t, what_cannot_be_created_is_named, 0, COUNT(refused));
	tcase_add_loop_test(t, a_report_that_fails_fails_a_good_run, 0, COUNT(failing));
	tcase_add_loop_test(t, a_name_that_is_taken_fails_a_good_run, 0, 2);
	tcase_add_loop_test(t, whoever_dies_leaves_a_report, 0, COUNT(deaths));
	tcase_add_test(t, a_long_reason_leaves_the_report_whole);
	suite_add_tcase(s, t);
	return run_suite(s);
}
