/* SPDX-License-Identifier: BSD-3-Clause */
/* argv -> struct config: see options.h. */
#include "vmm/options.h"

#include "loader/cmdline.h"
#include "vmm/foreign.h"
#include "vmm/quantity.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE_BYTES     4096u
#define DEFAULT_MEMORY (512ull << 20)
#define MAX_MEMORY     (1ull << 46) /* what 46 bits of physical address can name */
#define MAX_CPUS_ASKED 65535u       /* KVM's own limit is checked when it is known */

const char options_help[] =
	"Usage: minivmm [OPTION]... [KERNEL]\n"
	"  or:  minivmm [OPTION]... [KERNEL] --init FILE [-- ARG...]\n"
	"  or:  minivmm inspect FILE [--json]\n"
	"Boots a Linux kernel in a virtual machine on /dev/kvm, with its serial console on stdin\n"
	"and stdout. Without a KERNEL it boots a small guest that is built in.\n"
	"`minivmm inspect` says what is in a kernel FILE of any architecture, and which boots are\n"
	"possible; it needs no KVM. (A kernel of that name is ./inspect.)\n"
	"\n"
	"  -k, --kernel FILE      an ELF vmlinux, a bzImage, or an arm64 Image, also compressed or "
	"as\n"
	"                         EFI zboot, or a unified kernel image (found out by content)\n"
	"  -i, --initrd FILE      an initial RAM disk; several are put one after another, and "
	"after\n"
	"                         a unified kernel image's .initrd\n"
	"      --init FILE        run this static binary or script as the guest's only program, "
	"with\n"
	"                         the ARGs; its status becomes minivmm's\n"
	"  -c, --cmdline STRING   the kernel command line, verbatim\n"
	"                         (default: a unified kernel image's .cmdline, else\n"
	"                         console=ttyS0 panic=-1)\n"
	"  -s, --cpus N           number of vCPUs (default: 1)\n"
	"  -m, --memory SIZE      RAM: a number of MiB, or with a suffix K, M, G or T\n"
	"                         (default: 512M)\n"
	"      --overcommit       let RAM be more than the host's RAM and swap together\n"
	"  -b, --boot PROTOCOL    how the kernel is entered: auto, linux64 or pvh\n"
	"                         (default: auto: linux64 for Linux; pvh for another ELF that\n"
	"                         offers it)\n"
	"      --kaslr MODE       on, off or auto: a bzImage's kernel at random addresses "
	"(default:\n"
	"                         auto: unless the command line has nokaslr)\n"
	"      --no-cache         keep no unpacked kernels in ~/.cache/minivmm, and use none\n"
	"      --dtb FILE         (arm64) a device tree to use instead of the one that is built;\n"
	"                         memory and /chosen are filled in\n"
	"      --dump-dtb FILE    (arm64) write the device tree that the guest gets\n"
	"      --nested           let the guest run guests of its own (x86_64; KVM must allow it)\n"
	"      --pmu              give the guest a performance monitoring unit, for perf\n"
	"      --on-reboot WHAT   exit, or restart to boot again (default: exit)\n"
	"      --allow-silent-reboot\n"
	"                         status 0, not 105, when the guest resets itself without having\n"
	"                         printed anything\n"
	"      --seccomp MODE     on, log or off: the filter of system calls (default: on)\n"
	"      --check            say whether this host can run guests, and how to fix it\n"
	"      --dry-run          load all into memory and say what would be run; needs no KVM\n"
	"  -h, --help             show this help\n"
	"  -V, --version          show the version, and what it was built of\n"
	"\n"
	"For CI jobs:\n"
	"      --expect REGEX     a console line must match (POSIX extended, without\n"
	"                         back-references); repeatable\n"
	"      --expect-ordered   the --expect patterns must be seen in their order\n"
	"      --until-expected   end with status 0 when all have been seen\n"
	"      --fail-on REGEX    end with status 104 when a line matches; repeatable\n"
	"      --fail-on-warning  status 104 if the kernel reported an oops, BUG, WARNING, stall,\n"
	"                         hung task or lockdep finding\n"
	"      --ignore-warning REGEX\n"
	"                         a report whose first line matches does not count; repeatable\n"
	"      --ktap             status 104 if a test failed that was reported in KTAP (KUnit,\n"
	"                         kselftest), or fewer were than planned, or none at all\n"
	"      --timeout TIME     end with status 124 after that long (90, 90s, 2m, 500ms)\n"
	"      --idle-timeout TIME\n"
	"                         the same when the console was silent for that long\n"
	"      --log FILE         write the console's output there, too\n"
	"      --report FILE      write a report in JSON when the run has ended, however it ended\n"
	"      --junit FILE       the same in JUnit's XML\n"
	"      --timestamps       put the time since the start in front of each line\n"
	"      --quiet            write nothing to stdout; a failing run shows its end on stderr\n"
	"\n"
	"On a terminal: Ctrl-a x ends the run, Ctrl-a h shows help, Ctrl-a Ctrl-a sends a Ctrl-a,\n"
	"Ctrl-a b a break, with which the next key is a SysRq command to Linux.\n"
	"\n"
	"Exit status: 0 the guest powered off, halted or rebooted; 1-99 its own, through the exit\n"
	"device; 101 kernel panic, or an oops right before the end; 102 the guest crashed; 103 an\n"
	"--expect was never seen; 104 a --fail-on was, a warning, or a failed test; 105 the guest\n"
	"reset itself without having printed anything; 124 a time limit; 125 minivmm's own "
	"errors;\n"
	"128+N ended by signal N.\n";

enum {
	OPT_ON_REBOOT = 256,
	OPT_ALLOW_SILENT_REBOOT,
	OPT_KASLR,
	OPT_NO_CACHE,
	OPT_OVERCOMMIT,
	OPT_DTB,
	OPT_DUMP_DTB,
	OPT_NESTED,
	OPT_PMU,
	OPT_SECCOMP,
	OPT_CHECK,
	OPT_DRY_RUN,
	OPT_INIT,
	OPT_EXPECT,
	OPT_EXPECT_ORDERED,
	OPT_UNTIL_EXPECTED,
	OPT_FAIL_ON,
	OPT_FAIL_ON_WARNING,
	OPT_IGNORE_WARNING,
	OPT_KTAP,
	OPT_TIMEOUT,
	OPT_IDLE_TIMEOUT,
	OPT_LOG,
	OPT_REPORT,
	OPT_JUNIT,
	OPT_TIMESTAMPS,
	OPT_QUIET,
	OPT_JSON, /* of inspect */
};

static const struct option long_options[] = {
	{"kernel", required_argument, NULL, 'k'},
	{"initrd", required_argument, NULL, 'i'},
	{"init", required_argument, NULL, OPT_INIT},
	{"cmdline", required_argument, NULL, 'c'},
	{"cpus", required_argument, NULL, 's'},
	{"memory", required_argument, NULL, 'm'},
	{"overcommit", no_argument, NULL, OPT_OVERCOMMIT},
	{"boot", required_argument, NULL, 'b'},
	{"kaslr", required_argument, NULL, OPT_KASLR},
	{"no-cache", no_argument, NULL, OPT_NO_CACHE},
	{"dtb", required_argument, NULL, OPT_DTB},
	{"dump-dtb", required_argument, NULL, OPT_DUMP_DTB},
	{"nested", no_argument, NULL, OPT_NESTED},
	{"pmu", no_argument, NULL, OPT_PMU},
	{"on-reboot", required_argument, NULL, OPT_ON_REBOOT},
	{"allow-silent-reboot", no_argument, NULL, OPT_ALLOW_SILENT_REBOOT},
	{"seccomp", required_argument, NULL, OPT_SECCOMP},
	{"check", no_argument, NULL, OPT_CHECK},
	{"dry-run", no_argument, NULL, OPT_DRY_RUN},
	{"expect", required_argument, NULL, OPT_EXPECT},
	{"expect-ordered", no_argument, NULL, OPT_EXPECT_ORDERED},
	{"until-expected", no_argument, NULL, OPT_UNTIL_EXPECTED},
	{"fail-on", required_argument, NULL, OPT_FAIL_ON},
	{"fail-on-warning", no_argument, NULL, OPT_FAIL_ON_WARNING},
	{"ignore-warning", required_argument, NULL, OPT_IGNORE_WARNING},
	{"ktap", no_argument, NULL, OPT_KTAP},
	{"timeout", required_argument, NULL, OPT_TIMEOUT},
	{"idle-timeout", required_argument, NULL, OPT_IDLE_TIMEOUT},
	{"log", required_argument, NULL, OPT_LOG},
	{"report", required_argument, NULL, OPT_REPORT},
	{"junit", required_argument, NULL, OPT_JUNIT},
	{"timestamps", no_argument, NULL, OPT_TIMESTAMPS},
	{"quiet", no_argument, NULL, OPT_QUIET},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

struct choice {
	const char *word;
	int value;
};

static const struct choice boot_choices[] = {
	{"auto", BOOT_AUTO}, {"linux64", BOOT_LINUX64}, {"pvh", BOOT_PVH}, {0}};
static const struct choice kaslr_choices[] = {
	{"on", KASLR_ON}, {"off", KASLR_OFF}, {"auto", KASLR_AUTO}, {0}};
static const struct choice on_reboot_choices[] = {
	{"exit", ON_REBOOT_EXIT}, {"restart", ON_REBOOT_RESTART}, {0}};
static const struct choice seccomp_choices[] = {
	{"on", SECCOMP_ON}, {"log", SECCOMP_LOG}, {"off", SECCOMP_OFF}, {0}};

/* The value of the word @text, or -1. */
static int parse_choice(const struct choice *choices, const char *text, struct err *e)
{
	char words[64] = "";
	size_t n = 0;

	for (const struct choice *c = choices; c->word; c++) {
		if (strcmp(c->word, text) == 0)
			return c->value;
		const char *before = c == choices ? "" : c[1].word ? ", " : " or ";
		n += (size_t)snprintf(words + n, sizeof(words) - n, "%s%s", before, c->word);
	}
	return err_set(e, "'%s', expected %s", text, words);
}

const char *options_boot_name(enum boot_proto proto)
{
	const struct choice *c = boot_choices;

	while (c->word && c->value != (int)proto)
		c++;
	return c->word;
}

static int parse_memory(const char *text, struct config *cfg, struct err *e)
{
	if (quantity_size(text, &cfg->memory_bytes, e))
		return -1;
	if (cfg->memory_bytes % PAGE_BYTES)
		return err_set(e, "'%s' is not a multiple of 4K, the page size", text);
	if (cfg->memory_bytes < board_native->min_ram_bytes)
		return err_set(e, "'%s' is too little, expected at least %" PRIu64 "K", text,
			       board_native->min_ram_bytes >> 10);
	if (cfg->memory_bytes > MAX_MEMORY)
		return err_set(e, "'%s' is too large, expected at most %lluT", text,
			       MAX_MEMORY >> 40);
	return 0;
}

static int parse_cpus(const char *text, struct config *cfg, struct err *e)
{
	const char *rest = text;
	uint64_t n;

	if (quantity_number(text, &n, &rest, e))
		return -1;
	if (*rest)
		return err_set(e, "'%s' is not a number", text);
	if (n < 1 || n > MAX_CPUS_ASKED)
		return err_set(e, "'%s', expected 1 to %u", text, MAX_CPUS_ASKED);
	cfg->cpus = (unsigned)n;
	return 0;
}

static int set_file(const char **field, const char *path, struct err *e)
{
	if (!*path)
		return err_set(e, "an empty file name");
	*field = path;
	return 0;
}

static int add_string(struct strings *list, const char *text, struct err *e)
{
	if (list->n == OPTIONS_REPEAT)
		return err_set(e, "given more than %d times", OPTIONS_REPEAT);
	list->at[list->n++] = text;
	return 0;
}

static int add_file(struct strings *list, const char *path, struct err *e)
{
	if (!*path)
		return err_set(e, "an empty file name");
	return add_string(list, path, e);
}

/* The field of an option that is there or not, or NULL: it is none of these. */
static bool *flag_of(int opt, struct config *cfg)
{
	switch (opt) {
	case OPT_NO_CACHE:
		return &cfg->no_cache;
	case OPT_OVERCOMMIT:
		return &cfg->overcommit;
	case OPT_NESTED:
		return &cfg->nested;
	case OPT_PMU:
		return &cfg->pmu;
	case OPT_ALLOW_SILENT_REBOOT:
		return &cfg->allow_silent_reboot;
	case OPT_EXPECT_ORDERED:
		return &cfg->expect_ordered;
	case OPT_UNTIL_EXPECTED:
		return &cfg->until_expected;
	case OPT_FAIL_ON_WARNING:
		return &cfg->fail_on_warning;
	case OPT_KTAP:
		return &cfg->ktap;
	case OPT_TIMESTAMPS:
		return &cfg->timestamps;
	case OPT_QUIET:
		return &cfg->quiet;
	default:
		return NULL;
	}
}

/* The options of CI jobs. */
static int apply_watch(int opt, const char *arg, struct config *cfg, struct err *e)
{
	switch (opt) {
	case OPT_EXPECT:
		return add_string(&cfg->expect, arg, e);
	case OPT_FAIL_ON:
		return add_string(&cfg->fail_on, arg, e);
	case OPT_IGNORE_WARNING:
		return add_string(&cfg->ignore_warning, arg, e);
	case OPT_TIMEOUT:
		return quantity_duration(arg, &cfg->timeout_ns, e);
	case OPT_IDLE_TIMEOUT:
		return quantity_duration(arg, &cfg->idle_timeout_ns, e);
	case OPT_LOG:
		return set_file(&cfg->log, arg, e);
	case OPT_REPORT:
		return set_file(&cfg->report, arg, e);
	default:
		return set_file(&cfg->junit, arg, e);
	}
}

/* The options of the device tree. */
static int apply_dtb(int opt, const char *arg, struct config *cfg, struct err *e)
{
	return set_file(opt == OPT_DTB ? &cfg->dtb : &cfg->dump_dtb, arg, e);
}

static enum action action_of(int opt)
{
	switch (opt) {
	case 'h':
		return ACTION_HELP;
	case 'V':
		return ACTION_VERSION;
	case OPT_CHECK:
		return ACTION_CHECK;
	default:
		return ACTION_DRY_RUN;
	}
}

/* One option with its argument. The error's context (the option's name) is the caller's. */
static int apply(int opt, const char *arg, struct config *cfg, struct err *e)
{
	bool *flag = flag_of(opt, cfg);
	int value;

	if (flag) {
		*flag = true;
		return 0;
	}
	switch (opt) {
	case 'k':
		return set_file(&cfg->kernel, arg, e);
	case 'i':
		return add_file(&cfg->initrd, arg, e);
	case OPT_INIT:
		return set_file(&cfg->init, arg, e);
	case 'c':
		cfg->cmdline = arg;
		return 0;
	case 's':
		return parse_cpus(arg, cfg, e);
	case 'm':
		return parse_memory(arg, cfg, e);
	case 'b':
		value = parse_choice(boot_choices, arg, e);
		cfg->boot = (enum boot_proto)value;
		return value < 0 ? -1 : 0;
	case OPT_KASLR:
		value = parse_choice(kaslr_choices, arg, e);
		cfg->kaslr = (enum kaslr_mode)value;
		return value < 0 ? -1 : 0;
	case OPT_DTB:
	case OPT_DUMP_DTB:
		return apply_dtb(opt, arg, cfg, e);
	case OPT_ON_REBOOT:
		value = parse_choice(on_reboot_choices, arg, e);
		cfg->on_reboot = (enum on_reboot)value;
		return value < 0 ? -1 : 0;
	case OPT_SECCOMP:
		value = parse_choice(seccomp_choices, arg, e);
		cfg->seccomp = (enum seccomp_mode)value;
		return value < 0 ? -1 : 0;
	case 'h':
	case 'V':
	case OPT_CHECK:
	case OPT_DRY_RUN:
		cfg->action = action_of(opt);
		return 0;
	default:
		return apply_watch(opt, arg, cfg, e);
	}
}

static const char *option_name(int opt)
{
	for (const struct option *o = long_options; o->name; o++)
		if (o->val == opt)
			return o->name;
	return "?";
}

/* getopt's own complaints, as one line of ours. @word is the argument that it was at. */
static int complain(int why, char *word, struct err *e)
{
	if (why == ':')
		return err_set(e, "%s needs a value; try --help", word);
	if (strncmp(word, "--", 2) != 0)
		return err_set(e, "unknown option -%c; try --help", optopt);
	if (optopt) /* a long option that exists, with a value that it does not take */
		return err_set(e, "--%s takes no value; try --help", option_name(optopt));
	return err_set(e, "unknown or ambiguous option %s; try --help", word);
}

/* Remembers which options were seen: but for lists, each makes sense once. */
static int check_once(int opt, uint64_t *seen, struct err *e)
{
	if (opt == 'i' || opt == OPT_EXPECT || opt == OPT_FAIL_ON || opt == OPT_IGNORE_WARNING)
		return 0;
	for (unsigned i = 0; long_options[i].name; i++) {
		if (long_options[i].val != opt)
			continue;
		if (*seen & 1ull << i)
			return err_set(e, "--%s is given twice; try --help", long_options[i].name);
		*seen |= 1ull << i;
	}
	return 0;
}

/* The words that are no options: the kernel, at most. */
struct positional {
	const char *word[2];
	unsigned n;
};

static void add_positional(struct positional *p, const char *word)
{
	if (p->n < 2)
		p->word[p->n] = word;
	p->n++;
}

static bool is_seen(uint64_t seen, int opt)
{
	unsigned i = 0;

	while (long_options[i].val != opt)
		i++;
	return seen & 1ull << i;
}

static int take_positional(const struct positional *p, struct config *cfg, struct err *e)
{
	if (!p->n)
		return 0;
	if (cfg->kernel)
		return err_set(e, "'%s': the kernel is '%s' already; try --help", p->word[0],
			       cfg->kernel);
	if (p->n > 1)
		return err_set(
			e,
			"'%s': one kernel is enough (is --cmdline's value in quotes?); try --help",
			p->word[1]);
	if (set_file(&cfg->kernel, p->word[0], e))
		return err_context(e, "kernel");
	return 0;
}

/* What stands after "--": --init's arguments; without it, words like those before. */
static void take_rest(int argc, char **argv, struct positional *p, struct config *cfg)
{
	if (cfg->init) {
		cfg->init_args = argv + optind;
		cfg->n_init_args = (unsigned)(argc - optind);
		return;
	}
	for (int i = optind; i < argc; i++)
		add_positional(p, argv[i]);
}

static int check_dtb(const struct config *cfg, struct err *e)
{
	if (board_native->has_dtb || (!cfg->dtb && !cfg->dump_dtb))
		return 0;
	return err_set(e, "--%s: this machine has no device tree: kernels are told by ACPI tables",
		       cfg->dtb ? "dtb" : "dump-dtb");
}

static int check_combination(const struct config *cfg, uint64_t seen, struct err *e)
{
	if (is_seen(seen, OPT_CHECK) && (cfg->kernel || (seen & (seen - 1))))
		return err_set(e, "--check takes no other options; try --help");
	if (cfg->init && cfg->action != ACTION_CHECK && !cfg->kernel)
		return err_set(e, "--init needs a --kernel: the embedded guest runs nothing");
	if (cfg->init && cfg->cmdline && cmdline_has(cfg->cmdline, "rdinit"))
		return err_set(e, "--init: the --cmdline's rdinit= would run something else");
	if (check_dtb(cfg, e))
		return -1;
	if (cfg->nested && board_native->no_nesting)
		return err_set(e, "--nested: %s", board_native->no_nesting);
	if ((cfg->expect_ordered || cfg->until_expected) && !cfg->expect.n)
		return err_set(e, "--%s needs an --expect; try --help",
			       cfg->expect_ordered ? "expect-ordered" : "until-expected");
	return 0;
}

/* "inspect" and what follows it. */
static int parse_inspect(int argc, char **argv, struct config *cfg, struct err *e)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, OPT_JSON}, {"help", no_argument, NULL, 'h'}, {0}};
	struct positional words = {.n = 0};

	cfg->action = ACTION_INSPECT;
	for (;;) {
		int at = optind ? optind : 1;
		int opt = getopt_long(argc, argv, "-h", options, NULL);
		if (opt == -1)
			break;
		if (opt == '?')
			return err_set(e, "'%s' is not one of its options; try --help",
				       argv[at < optind ? optind - 1 : at]);
		if (opt == 1)
			add_positional(&words, optarg);
		else if (opt == OPT_JSON)
			cfg->json = true;
		else
			cfg->action = ACTION_HELP;
	}
	take_rest(argc, argv, &words, cfg);
	if (cfg->action == ACTION_HELP)
		return 0;
	if (words.n != 1)
		return err_set(e, "%u files, expected one; try --help", words.n);
	return set_file(&cfg->kernel, words.word[0], e);
}

int options_parse(int argc, char **argv, struct config *cfg, struct err *e)
{
	struct positional words = {.n = 0};
	uint64_t seen = 0;
	int opt;

	*cfg = (struct config){.cpus = 1, .memory_bytes = DEFAULT_MEMORY};
	optind = 0; /* GNU: start over, also when this is called again */
	opterr = 0;
	if (argc > 1 && strcmp(argv[1], "inspect") == 0)
		return parse_inspect(argc - 1, argv + 1, cfg, e) ? err_context(e, "inspect") : 0;
	for (;;) {
		int at = optind ? optind : 1;
		if (foreign_check(argv + at, long_options,
				  e)) /* getopt takes -kernel for -k ernel */
			return -1;
		opt = getopt_long(argc, argv, "-:k:i:c:s:m:b:hV", long_options, NULL);
		if (opt == -1)
			break;
		if (opt == 1) { /* '-': in the order in which they come */
			add_positional(&words, optarg);
			continue;
		}
		if (opt == '?' || opt == ':')
			return complain(opt, argv[at < optind ? optind - 1 : at], e);
		if (check_once(opt, &seen, e))
			return -1;
		if (apply(opt, optarg, cfg, e))
			return err_context(e, "--%s", option_name(opt));
		if (cfg->action == ACTION_HELP || cfg->action == ACTION_VERSION)
			return 0;
	}
	take_rest(argc, argv, &words, cfg);
	if (take_positional(&words, cfg, e))
		return -1;
	return check_combination(cfg, seen, e);
}
