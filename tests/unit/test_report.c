/* SPDX-License-Identifier: BSD-3-Clause */
/* The reports of runs that had everything and nothing, as tests/data/report has them. */
#include "suite.h"
#include "vmm/payload/payload_config.h"
#include "vmm/report/report.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define EXEC_NS 1000000000ull

/* So long after the process began. */
static uint64_t at(uint64_t ns)
{
	return EXEC_NS + ns;
}

static struct run {
	struct payload_config payload;
	struct machine_config machine;
	struct strings fail_on;
	struct host_facts host;
	struct kernel_facts kernel;
	struct result result;
	struct timeline timeline;
	struct watch watch;
	struct tail tail;
} run;

/* arch/kvm.c needs it; no KVM is opened here. */
const char kvm_missing_fix[] = "";

static struct report report;

static void make(void)
{
	memset(&run, 0, sizeof(run));
	run.timeline.exec_ns = EXEC_NS;
	report = (struct report){
		.payload = &run.payload,
		.machine = &run.machine,
		.fail_on = &run.fail_on,
		.host = &run.host,
		.kernel = &run.kernel,
		.result = &run.result,
		.timeline = &run.timeline,
		.watch = &run.watch,
		.tail = &run.tail,
		.started = {.tv_sec = 1700000000},
	};
}

static void print(const char *text)
{
	for (; *text; text++)
		tail_add(&run.tail, *text);
}

/* A run that minivmm could not begin. */
static void nothing(void)
{
	run.result = (struct result){.kind = STOP_HOST, .status = STATUS_OWN, .reason = "no file"};
}

/* A guest that powered off, of which little was asked. */
static void little(void)
{
	run.payload.kernel = "vmlinux";
	run.machine = (struct machine_config){.cpus = 1, .memory_bytes = 1 << 20};
	run.kernel = (struct kernel_facts){.format = IMAGE_ELF, .bytes = 1000};
	run.result = (struct result){
		.kind = STOP_POWER_OFF, .reason = "the guest powered off", .boots = 1};
	run.timeline.at_ns[MOMENT_END] = at(1);
	report.ktap = true;
	report.cmdline = "console=ttyS0";
	report.boot = "pvh";
	ktap_finish(&run.watch.ktap);
	run.watch.events.ignored = 2;
	kernel_events_add(&run.watch.events, KERNEL_EVENT_WARNING, "WARNING: CPU: 0", at(5000));
}

static void fill_kernel(void)
{
	run.payload = (struct payload_config){
		.kernel = "dir/<uki>", .initrd = {{"a.cpio", "b.cpio"}, 2}, .init = "prog"};
	run.machine = (struct machine_config){.cpus = 4, .memory_bytes = 512 << 20};
	run.kernel = (struct kernel_facts){
		.format = IMAGE_UKI,
		.bytes = 123456,
		.is_uki = true,
		.linux_format = IMAGE_BZIMAGE,
		.initrd_bytes = 789,
		.version = "6.1.0 (x@y)",
		.unpacked_by = UNPACKED_BY_CACHE,
		.kaslr = {.virtual_on = true},
	};
	run.host = (struct host_facts){"Linux", "6.8.0", "x86_64", "A CPU", 8, "AMD-V"};
	report.cmdline = "console=ttyS0 \"quoted\"";
	report.boot = "linux64";
}

static void fill_expectations(void)
{
	struct expect *x = &run.watch.expect;

	x->want.at[0].text = "login: ";
	x->want.at[0].seen = true;
	x->want.at[0].seen_ns = at(1234567890);
	x->want.at[1].text = "a<b>";
	x->want.n = 2;
	x->seen = 1;
	run.fail_on = (struct strings){{"Oops", "BUG"}, 2};
	x->failed_on = "BUG";
	x->failed_ns = at(2000000000);
}

static const char *const test_lines[] = {
	"KTAP version 1",
	"1..9",
	"    # Subtest: suite",
	"    1..3",
	"    ok 1 good",
	"    # expected 1, got 2",
	"    not ok 2 bad",
	"    ok 3 left_out # SKIP no hardware",
	"not ok 1 suite",
	"ok 2 plain",
	"ok 3 end.",
	"ok 4 .begin",
	"not ok 5 later # TODO one day",
	"ok 6 a.b",
};

/* The last one has a long name, and takes long. */
static void fill_tests(void)
{
	char longest[KTAP_PATH_BYTES + 8] = "ok 7 ";

	report.ktap = true;
	for (int i = 0; i < COUNT(test_lines); i++)
		ktap_line(&run.watch.ktap, test_lines[i], at((uint64_t)i * 1500000));
	memset(longest + 5, 'x', 150);
	memcpy(longest + 5 + 150, ".t", 3);
	ktap_line(&run.watch.ktap, longest, at(3000000500000000));
	ktap_finish(&run.watch.ktap);
}

/* All that can be said of a run. */
static void everything(void)
{
	uint64_t *moment = run.timeline.at_ns;

	fill_kernel();
	fill_expectations();
	fill_tests();
	for (unsigned i = 0; i < MOMENTS; i++)
		moment[i] = at((i + 1) * 1000001);
	moment[MOMENT_END] = at(4000000000001999); /* many seconds, one microsecond */
	run.watch.boot = (struct boot_watch){at(40), at(50), "Linux version 6.1", "", ""};
	kernel_events_add(&run.watch.events, KERNEL_EVENT_WARNING, "WARNING: CPU: 0", at(7000));
	kernel_events_add(&run.watch.events, KERNEL_EVENT_WARNING, "WARNING: CPU: 1", at(8000));
	kernel_events_add(&run.watch.events, KERNEL_EVENT_OOPS, "Oops: 0002", at(9000));
	report.fail_on_warning = true;
	run.result = (struct result){
		.kind = STOP_FAILED, .status = STATUS_FAILED, .reason = "it <failed>", .boots = 3};
	for (unsigned i = 0; i < EXIT_REASONS; i++)
		run.result.exits[i] = i + 1;
	report.dropped_bytes = 17;
	print("hello\r\nworld & all\n");
}

/* A guest's own status, and kernels that somebody else unpacked. */
static void status_3(void)
{
	little();
	report.ktap = false;
	run.result = (struct result){
		.kind = STOP_EXIT, .status = 3, .reason = "the guest ended with status 3"};
	run.kernel.unpacked_by = UNPACKED_BY_GUEST;
	run.watch.expect.want.at[0] = (struct pattern){.text = "x", .seen = true};
	run.watch.expect.want.n = run.watch.expect.seen = 1;
}

static void signalled(void)
{
	little();
	run.result = (struct result){
		.kind = STOP_SIGNAL, .status = STATUS_SIGNAL + 15, .reason = "ended by signal 15"};
	run.kernel.unpacked_by = UNPACKED_BY_HOST;
}

static const struct {
	const char *name;
	void (*fill)(void);
} runs[] = {{"nothing", nothing},
	    {"little", little},
	    {"everything", everything},
	    {"status-3", status_3},
	    {"signalled", signalled}};

static const struct {
	const char *suffix;
	void (*write)(const struct report *r, FILE *f);
} formats[] = {{"json", report_json}, {"xml", report_junit}};

/* The file of that name; "@VERSION@" in it is this version. */
static char *expected(const char *name, const char *suffix)
{
	static const char mark[] = "@VERSION@";
	char path[512], *text = calloc(1, 1 << 16), *whole = text;

	snprintf(path, sizeof(path), TEST_DATA "/report/%s.%s", name, suffix);
	FILE *f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s", path);
	ck_assert_uint_lt(fread(text, 1, 1 << 16, f), 1 << 16);
	fclose(f);
	char *at_mark = strstr(text, mark);
	if (at_mark)
		ck_assert_int_gt(asprintf(&whole, "%.*s%s%s", (int)(at_mark - text), text,
					  MINIVMM_VERSION, at_mark + strlen(mark)),
				 0);
	if (whole != text)
		free(text);
	return whole;
}

START_TEST(a_run_is_reported)
{
	const char *name = runs[_i / COUNT(formats)].name;
	int format = _i % COUNT(formats);
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	make();
	runs[_i / COUNT(formats)].fill();
	formats[format].write(&report, f);
	ck_assert_int_eq(fclose(f), 0);
	char *want = expected(name, formats[format].suffix);
	ck_assert_str_eq(text, want);
	ck_assert_uint_eq(size, strlen(want));
	ktap_fini(&run.watch.ktap);
	free(want);
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");

	tcase_add_loop_test(t, a_run_is_reported, 0, COUNT(runs) * COUNT(formats));
	suite_add_tcase(s, t);
	return run_suite(s);
}
