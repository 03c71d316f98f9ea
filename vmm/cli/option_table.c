/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of options: see option_table.h. */
#include "vmm/cli/option_table.h"

#include "vmm/cli/config.h"
#include "vmm/cli/option_value.h"

/*
 * The offset of @member in struct config. The comparison is never evaluated: it makes the compiler
 * warn about a member of another type.
 */
#define FIELD(type, member)                                                                        \
	(offsetof(struct config, member) +                                                         \
	 0 * sizeof((type *)NULL == &((struct config *)NULL)->member))

/* How a value is stored, and where. */
#define FLAG(member)     .store = option_store_flag, .field = FIELD(bool, member)
#define TEXT(member)     .store = option_store_text, .field = FIELD(const char *, member)
#define TEXTS(member)    .store = option_store_texts, .field = FIELD(struct strings, member)
#define A_FILE(member)   .store = option_store_file, .field = FIELD(const char *, member)
#define FILES(member)    .store = option_store_files, .field = FIELD(struct strings, member)
#define CPUS(member)     .store = option_store_cpus, .field = FIELD(unsigned, member)
#define MEMORY(member)   .store = option_store_memory, .field = FIELD(uint64_t, member)
#define DURATION(member) .store = option_store_duration, .field = FIELD(uint64_t, member)
#define WORD(member, list)                                                                         \
	.store = option_store_word, .field = FIELD(unsigned, member), .words = (list)
#define ACTION(constant_)                                                                          \
	.store = option_store_constant, .field = FIELD(unsigned, action), .constant = (constant_)

static const struct option_word boot_words[] = {
	{"auto", BOOT_AUTO}, {"linux64", BOOT_LINUX64}, {"pvh", BOOT_PVH}, {0}};
static const struct option_word kaslr_words[] = {
	{"on", KASLR_ON}, {"off", KASLR_OFF}, {"auto", KASLR_AUTO}, {0}};
static const struct option_word on_reboot_words[] = {
	{"exit", ON_REBOOT_EXIT}, {"restart", ON_REBOOT_RESTART}, {0}};
static const struct option_word seccomp_words[] = {
	{"on", SECCOMP_ON}, {"log", SECCOMP_LOG}, {"off", SECCOMP_OFF}, {0}};

const struct option_row option_table[] = {
	{"kernel", "FILE", 'k', A_FILE(payload.kernel),
	 .help = "an ELF vmlinux, a bzImage, or an arm64 Image, also compressed or as EFI "
		 "zboot, or a unified kernel image (found out by content)"},
	{"initrd", "FILE", 'i', FILES(payload.initrd), .repeatable = true,
	 .help = "an initial RAM disk; several are put one after another, and after a "
		 "unified kernel image's .initrd"},
	{"init", "FILE", 0, A_FILE(payload.init),
	 .help = "run this static binary or script as the guest's only program, with the "
		 "ARGs; its status becomes minivmm's"},
	{"cmdline", "STRING", 'c', TEXT(payload.cmdline),
	 .default_note = "a unified kernel image's .cmdline, else console=ttyS0 panic=-1",
	 .help = "the kernel command line, verbatim"},
	{"cpus", "N", 's', CPUS(machine.cpus), .default_value = "1", .help = "number of vCPUs"},
	{"memory", "SIZE", 'm', MEMORY(machine.memory_bytes), .default_value = "512M",
	 .help = "RAM: a number of MiB, or with a suffix K, M, G or T"},
	{"overcommit", NULL, 0, FLAG(machine.overcommit),
	 .help = "let RAM be more than the host's RAM and swap together"},
	{"boot", "PROTOCOL", 'b', WORD(machine.boot, boot_words), .default_value = "auto",
	 .default_note = "linux64 for Linux; pvh for another ELF that offers it",
	 .help = "how the kernel is entered: auto, linux64 or pvh"},
	{"kaslr", "MODE", 0, WORD(payload.kaslr, kaslr_words), .default_value = "auto",
	 .default_note = "unless the command line has nokaslr",
	 .help = "on, off or auto: a bzImage's kernel at random addresses"},
	{"no-cache", NULL, 0, FLAG(payload.no_cache),
	 .help = "keep no unpacked kernels in ~/.cache/minivmm, and use none"},
	{"dtb", "FILE", 0, A_FILE(payload.dtb), .architecture = "arm64",
	 .help = "a device tree to use instead of the one that is built; memory and /chosen "
		 "are filled in"},
	{"dump-dtb", "FILE", 0, A_FILE(dump_dtb), .architecture = "arm64",
	 .help = "write the device tree that the guest gets"},
	{"nested", NULL, 0, FLAG(machine.nested), .architecture = "x86_64",
	 .help = "let the guest run guests of its own; KVM must allow it"},
	{"pmu", NULL, 0, FLAG(machine.pmu),
	 .help = "give the guest a performance monitoring unit, for perf"},
	{"on-reboot", "WHAT", 0, WORD(run.on_reboot, on_reboot_words), .default_value = "exit",
	 .help = "exit, or restart to boot again"},
	{"allow-silent-reboot", NULL, 0, FLAG(run.allow_silent_reboot),
	 .help = "status 0, not 105, when the guest resets itself without having printed "
		 "anything"},
	{"seccomp", "MODE", 0, WORD(seccomp, seccomp_words), .default_value = "on",
	 .help = "on, log or off: the filter of system calls"},
	{"check", NULL, 0, ACTION(ACTION_CHECK), .alone = true,
	 .help = "say whether this host can run guests, and how to fix it"},
	{"dry-run", NULL, 0, ACTION(ACTION_DRY_RUN),
	 .help = "load all into memory and say what would be run; needs no KVM"},
	{"help", NULL, 'h', ACTION(ACTION_HELP), .help = "show this help"},
	{"version", NULL, 'V', ACTION(ACTION_VERSION),
	 .help = "show the version, and what it was built of"},

	{"expect", "REGEX", 0, TEXTS(console.expect), .repeatable = true, .heading = "For CI jobs",
	 .help = "a console line must match (POSIX extended, without back-references); "
		 "repeatable"},
	{"expect-ordered", NULL, 0, FLAG(console.expect_ordered),
	 .help = "the --expect patterns must be seen in their order"},
	{"until-expected", NULL, 0, FLAG(run.until_expected),
	 .help = "end with status 0 when all have been seen"},
	{"fail-on", "REGEX", 0, TEXTS(console.fail_on), .repeatable = true,
	 .help = "end with status 104 when a line matches; repeatable"},
	{"fail-on-warning", NULL, 0, FLAG(run.fail_on_warning),
	 .help = "status 104 if the kernel reported an oops, BUG, WARNING, stall, hung task "
		 "or lockdep finding"},
	{"ignore-warning", "REGEX", 0, TEXTS(console.ignore_warning), .repeatable = true,
	 .help = "a report whose first line matches does not count; repeatable"},
	{"ktap", NULL, 0, FLAG(console.ktap),
	 .help = "status 104 if a test failed that was reported in KTAP (KUnit, kselftest), "
		 "or fewer were than planned, or none at all"},
	{"timeout", "TIME", 0, DURATION(run.timeout_ns),
	 .help = "end with status 124 after that long (90, 90s, 2m, 500ms)"},
	{"idle-timeout", "TIME", 0, DURATION(run.idle_timeout_ns),
	 .help = "the same when the console was silent for that long"},
	{"log", "FILE", 0, A_FILE(console.log), .help = "write the console's output there, too"},
	{"report", "FILE", 0, A_FILE(report.json),
	 .help = "write a report in JSON when the run has ended, however it ended"},
	{"junit", "FILE", 0, A_FILE(report.junit), .help = "the same in JUnit's XML"},
	{"timestamps", NULL, 0, FLAG(console.timestamps),
	 .help = "put the time since the start before each line"},
	{"quiet", NULL, 0, FLAG(console.quiet),
	 .help = "write nothing to stdout; a failing run shows its end on stderr"},
	{0},
};

const struct option_row option_table_inspect[] = {
	{"json", NULL, 0, FLAG(inspect_json), .help = "in JSON"},
	{"help", NULL, 'h', ACTION(ACTION_HELP), .help = "show this help"},
	{0},
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]) - 1)
_Static_assert(ROWS(option_table) <= OPTION_ROWS_MAX, "the parser has a bit for each option");
_Static_assert(ROWS(option_table_inspect) <= OPTION_ROWS_MAX,
	       "the parser has a bit for each option");
