/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line: every option, and every error to the letter. */
#include "suite.h"
#include "vmm/cli/help.h"
#include "vmm/cli/options.h"
#include "vmm/cli/quantity.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the architecture says, here fixed. */
static const struct board board = {.min_ram_bytes = 2 << 20, .has_dtb = true};
const struct board *const board_native = &board;

#define MIB      (1ULL << 20)
#define MAX_ARGS 12

/* getopt_long() moves the words about: @args is copied, and NULL ends it. */
static int parse(const char *const *args, struct config *cfg, struct err *e)
{
	static char name[] = "minivmm";
	static char *argv[MAX_ARGS + 2]; /* what is parsed may point into it */
	int argc = 1;

	memset(argv, 0, sizeof(argv));
	argv[0] = name;

	for (; args[argc - 1]; argc++) {
		ck_assert_int_le(argc, MAX_ARGS);
		argv[argc] = (char *)(uintptr_t)args[argc - 1];
	}
	e->text[0] = '\0';
	return options_parse(argc, argv, cfg, e);
}

#define DEFAULTS .machine.cpus = 1, .machine.memory_bytes = 512 * MIB

static const struct {
	const char *args[MAX_ARGS + 1];
	struct config want;
} good[] = {
	{{NULL}, {DEFAULTS}},
	{{"vmlinux"}, {DEFAULTS, .payload.kernel = "vmlinux"}},
	{{"-"}, {DEFAULTS, .payload.kernel = "-"}},
	{{"-k", "vmlinux"}, {DEFAULTS, .payload.kernel = "vmlinux"}},
	{{"-kvmlinux"}, {DEFAULTS, .payload.kernel = "vmlinux"}},
	{{"--kernel", "vmlinux"}, {DEFAULTS, .payload.kernel = "vmlinux"}},
	{{"--kernel=vmlinux"}, {DEFAULTS, .payload.kernel = "vmlinux"}},
	{{"--kernel", "-x"}, {DEFAULTS, .payload.kernel = "-x"}},
	/* a value, or what comes after "--", is no option, whoever has one of that name */
	{{"--kernel", "-append"}, {DEFAULTS, .payload.kernel = "-append"}},
	{{"-k", "-kernel"}, {DEFAULTS, .payload.kernel = "-kernel"}},
	{{"-c", "-nographic"}, {DEFAULTS, .payload.cmdline = "-nographic"}},
	{{"--", "-append"}, {DEFAULTS, .payload.kernel = "-append"}},
	{{"-kern"}, {DEFAULTS, .payload.kernel = "ern"}},
	{{"--cpu", "4"}, {.machine.cpus = 4, .machine.memory_bytes = 512 * MIB}},
	{{"--kernel", "--"}, {DEFAULTS, .payload.kernel = "--"}},
	{{"--ker", "vmlinux"}, {DEFAULTS, .payload.kernel = "vmlinux"}},
	{{"--ke=vmlinux"}, {DEFAULTS, .payload.kernel = "vmlinux"}},
	{{"-i", "rd"}, {DEFAULTS, .payload.initrd = {{"rd"}, 1}}},
	{{"--initrd", "rd"}, {DEFAULTS, .payload.initrd = {{"rd"}, 1}}},
	{{"--initrd=rd"}, {DEFAULTS, .payload.initrd = {{"rd"}, 1}}},
	{{"-c", "a b=\"c d\" -- e"}, {DEFAULTS, .payload.cmdline = "a b=\"c d\" -- e"}},
	{{"--cmdline", "--check"}, {DEFAULTS, .payload.cmdline = "--check"}},
	{{"--cmdline", ""}, {DEFAULTS, .payload.cmdline = ""}},
	{{"--cmdline="}, {DEFAULTS, .payload.cmdline = ""}},
	{{"-s", "4"}, {.machine.cpus = 4, .machine.memory_bytes = 512 * MIB}},
	{{"--cpus", "1"}, {DEFAULTS}},
	{{"--cpus", "0002"}, {.machine.cpus = 2, .machine.memory_bytes = 512 * MIB}},
	{{"--cpus=65535"}, {.machine.cpus = 65535, .machine.memory_bytes = 512 * MIB}},
	{{"-m512"}, {DEFAULTS}},
	{{"-m", "64"}, {.machine.cpus = 1, .machine.memory_bytes = 64 * MIB}},
	{{"--memory", "2"}, {.machine.cpus = 1, .machine.memory_bytes = 2 * MIB}},
	{{"--memory=2048K"}, {.machine.cpus = 1, .machine.memory_bytes = 2 * MIB}},
	{{"--memory=2052K"}, {.machine.cpus = 1, .machine.memory_bytes = 2052 << 10}},
	{{"--memory=8G"}, {.machine.cpus = 1, .machine.memory_bytes = 8192 * MIB}},
	{{"--memory=64T"}, {.machine.cpus = 1, .machine.memory_bytes = 1ULL << 46}},
	{{"-b", "auto"}, {DEFAULTS, .machine.boot = BOOT_AUTO}},
	{{"-b", "linux64"}, {DEFAULTS, .machine.boot = BOOT_LINUX64}},
	{{"--boot", "pvh"}, {DEFAULTS, .machine.boot = BOOT_PVH}},
	{{"--on-reboot", "exit"}, {DEFAULTS, .run.on_reboot = ON_REBOOT_EXIT}},
	{{"--on-reboot=restart"}, {DEFAULTS, .run.on_reboot = ON_REBOOT_RESTART}},
	{{"--on", "restart"}, {DEFAULTS, .run.on_reboot = ON_REBOOT_RESTART}},
	{{"--seccomp", "on"}, {DEFAULTS, .seccomp = SECCOMP_ON}},
	{{"--seccomp", "log"}, {DEFAULTS, .seccomp = SECCOMP_LOG}},
	{{"--seccomp", "off"}, {DEFAULTS, .seccomp = SECCOMP_OFF}},
	{{"--kaslr", "on"}, {DEFAULTS, .payload.kaslr = KASLR_ON}},
	{{"--kaslr", "off"}, {DEFAULTS, .payload.kaslr = KASLR_OFF}},
	{{"--kaslr", "auto"}, {DEFAULTS, .payload.kaslr = KASLR_AUTO}},
	{{"--no-cache"}, {DEFAULTS, .payload.no_cache = true}},
	{{"--overcommit"}, {DEFAULTS, .machine.overcommit = true}},
	{{"--nested"}, {DEFAULTS, .machine.nested = true}},
	{{"--pmu"}, {DEFAULTS, .machine.pmu = true}},
	{{"--pmu", "--nested", "vmlinux"},
	 {DEFAULTS, .machine.nested = true, .machine.pmu = true, .payload.kernel = "vmlinux"}},
	{{"--dry-run", "--nested", "--pmu"},
	 {DEFAULTS, .action = ACTION_DRY_RUN, .machine.nested = true, .machine.pmu = true}},
	{{"--check"}, {DEFAULTS, .action = ACTION_CHECK}},
	{{"--check", "--"}, {DEFAULTS, .action = ACTION_CHECK}},
	{{"-h"}, {DEFAULTS, .action = ACTION_HELP}},
	{{"--help"}, {DEFAULTS, .action = ACTION_HELP}},
	{{"-V"}, {DEFAULTS, .action = ACTION_VERSION}},
	{{"--version"}, {DEFAULTS, .action = ACTION_VERSION}},
	/* The first of these two counts, and nothing after it is looked at. */
	{{"-hV"}, {DEFAULTS, .action = ACTION_HELP}},
	{{"--version", "--help"}, {DEFAULTS, .action = ACTION_VERSION}},
	{{"--help", "--nonsense"}, {DEFAULTS, .action = ACTION_HELP}},
	{{"--check", "--help"}, {DEFAULTS, .action = ACTION_HELP}},
	{{"--dry-run"}, {DEFAULTS, .action = ACTION_DRY_RUN}},
	{{"inspect", "a"}, {DEFAULTS, .action = ACTION_INSPECT, .payload.kernel = "a"}},
	{{"inspect", "a", "--json"},
	 {DEFAULTS, .action = ACTION_INSPECT, .payload.kernel = "a", .inspect_json = true}},
	{{"inspect", "--json", "--", "--json"},
	 {DEFAULTS, .action = ACTION_INSPECT, .payload.kernel = "--json", .inspect_json = true}},
	{{"inspect", "inspect"}, {DEFAULTS, .action = ACTION_INSPECT, .payload.kernel = "inspect"}},
	{{"inspect", "a", "-h", "b"}, {DEFAULTS, .action = ACTION_HELP}},
	/* Only the first word is one. */
	{{"./inspect"}, {DEFAULTS, .payload.kernel = "./inspect"}},
	{{"--dry-run", "inspect"},
	 {DEFAULTS, .action = ACTION_DRY_RUN, .payload.kernel = "inspect"}},
	{{"--dtb", "a"}, {DEFAULTS, .payload.dtb = "a"}},
	{{"--dump-dtb", "a"}, {DEFAULTS, .dump_dtb = "a"}},
	{{"--init", "a", "k"}, {DEFAULTS, .payload.init = "a", .payload.kernel = "k"}},
	{{"--log", "a"}, {DEFAULTS, .console.log = "a"}},
	{{"--report", "a"}, {DEFAULTS, .report.json = "a"}},
	{{"--junit", "a"}, {DEFAULTS, .report.junit = "a"}},
	{{"--timeout", "2"}, {DEFAULTS, .run.timeout_ns = 2000000000}},
	{{"--idle-timeout", "2"}, {DEFAULTS, .run.idle_timeout_ns = 2000000000}},
	{{"--timestamps"}, {DEFAULTS, .console.timestamps = true}},
	{{"--quiet"}, {DEFAULTS, .console.quiet = true}},
	{{"--ktap"}, {DEFAULTS, .console.ktap = true}},
	{{"--fail-on-warning"}, {DEFAULTS, .run.fail_on_warning = true}},
	{{"--allow-silent-reboot"}, {DEFAULTS, .run.allow_silent_reboot = true}},
	{{"--expect", "a", "--expect-ordered"},
	 {DEFAULTS, .console.expect = {{"a"}, 1}, .console.expect_ordered = true}},
	{{"--expect", "a", "--until-expected"},
	 {DEFAULTS, .console.expect = {{"a"}, 1}, .run.until_expected = true}},
	{{"--fail-on", "a"}, {DEFAULTS, .console.fail_on = {{"a"}, 1}}},
	{{"--ignore-warning", "a"}, {DEFAULTS, .console.ignore_warning = {{"a"}, 1}}},
	/* Options and the kernel in any order; "--" ends the options. */
	{{"vmlinux", "-i", "rd", "-s", "2"},
	 {.machine.cpus = 2,
	  .machine.memory_bytes = 512 * MIB,
	  .payload.kernel = "vmlinux",
	  .payload.initrd = {{"rd"}, 1}}},
	{{"-i", "rd", "vmlinux", "-s", "2"},
	 {.machine.cpus = 2,
	  .machine.memory_bytes = 512 * MIB,
	  .payload.kernel = "vmlinux",
	  .payload.initrd = {{"rd"}, 1}}},
	{{"-i", "rd", "--", "vmlinux"},
	 {DEFAULTS, .payload.kernel = "vmlinux", .payload.initrd = {{"rd"}, 1}}},
	{{"--", "--help"}, {DEFAULTS, .payload.kernel = "--help"}},
	{{"--"}, {DEFAULTS}},
	{{"-c", "x", "--", "-k"}, {DEFAULTS, .payload.kernel = "-k", .payload.cmdline = "x"}},
};

static void check_payload(const struct payload_config *got, const struct payload_config *want)
{
	ck_assert_pstr_eq(got->kernel, want->kernel);
	ck_assert_uint_eq(got->initrd.n, want->initrd.n);
	ck_assert_pstr_eq(got->initrd.at[0], want->initrd.at[0]);
	ck_assert_pstr_eq(got->init, want->init);
	ck_assert_pstr_eq(got->cmdline, want->cmdline);
	ck_assert_pstr_eq(got->dtb, want->dtb);
	ck_assert_int_eq(got->kaslr, want->kaslr);
	ck_assert_int_eq(got->no_cache, want->no_cache);
}

static void check_machine(const struct machine_config *got, const struct machine_config *want)
{
	ck_assert_uint_eq(got->cpus, want->cpus);
	ck_assert_uint_eq(got->memory_bytes, want->memory_bytes);
	ck_assert_int_eq(got->overcommit, want->overcommit);
	ck_assert_int_eq(got->nested, want->nested);
	ck_assert_int_eq(got->pmu, want->pmu);
	ck_assert_int_eq(got->boot, want->boot);
}

static void check_console(const struct console_config *got, const struct console_config *want)
{
	ck_assert_int_eq(got->timestamps, want->timestamps);
	ck_assert_int_eq(got->quiet, want->quiet);
	ck_assert_int_eq(got->ktap, want->ktap);
	ck_assert_pstr_eq(got->log, want->log);
	ck_assert_pstr_eq(got->expect.at[0], want->expect.at[0]);
	ck_assert_pstr_eq(got->fail_on.at[0], want->fail_on.at[0]);
	ck_assert_pstr_eq(got->ignore_warning.at[0], want->ignore_warning.at[0]);
	ck_assert_int_eq(got->expect_ordered, want->expect_ordered);
}

static void check_run(const struct run_config *got, const struct run_config *want)
{
	ck_assert_uint_eq(got->timeout_ns, want->timeout_ns);
	ck_assert_uint_eq(got->idle_timeout_ns, want->idle_timeout_ns);
	ck_assert_int_eq(got->on_reboot, want->on_reboot);
	ck_assert_int_eq(got->until_expected, want->until_expected);
	ck_assert_int_eq(got->allow_silent_reboot, want->allow_silent_reboot);
	ck_assert_int_eq(got->fail_on_warning, want->fail_on_warning);
}

START_TEST(takes)
{
	const struct config *want = &good[_i].want;
	struct config cfg;
	struct err e;

	memset(&cfg, 0xa5, sizeof(cfg));
	ck_assert_msg(parse(good[_i].args, &cfg, &e) == 0, "%s", e.text);
	ck_assert_int_eq(cfg.action, want->action);
	check_payload(&cfg.payload, &want->payload);
	check_machine(&cfg.machine, &want->machine);
	check_console(&cfg.console, &want->console);
	check_run(&cfg.run, &want->run);
	ck_assert_pstr_eq(cfg.report.json, want->report.json);
	ck_assert_pstr_eq(cfg.report.junit, want->report.junit);
	ck_assert_int_eq(cfg.seccomp, want->seccomp);
	ck_assert_pstr_eq(cfg.dump_dtb, want->dump_dtb);
	ck_assert_int_eq(cfg.inspect_json, want->inspect_json);
}
END_TEST

#define NOT_A_SIZE " is not a size: expected a number of MiB, or one with K, M, G or T"

static const struct {
	const char *args[MAX_ARGS + 1];
	const char *error;
} bad[] = {
	{{"--nonsense"}, "unknown or ambiguous option --nonsense; try --help"},
	{{"inspect"}, "inspect: 0 files, expected one; try --help"},
	{{"inspect", "--json"}, "inspect: 0 files, expected one; try --help"},
	{{"inspect", "a", "b", "--json"}, "inspect: 2 files, expected one; try --help"},
	{{"inspect", ""}, "inspect: an empty file name"},
	{{"inspect", "a", "--cpus"}, "inspect: '--cpus' is not one of its options; try --help"},
	{{"inspect", "--json=x", "a"}, "inspect: '--json=x' is not one of its options; try --help"},
	{{"inspect", "-xh", "a"}, "inspect: '-xh' is not one of its options; try --help"},
	{{"a", "--json"}, "unknown or ambiguous option --json; try --help"},
	{{"--nonsense=1"}, "unknown or ambiguous option --nonsense=1; try --help"},
	{{"--kernels", "x"}, "unknown or ambiguous option --kernels; try --help"},
	{{"vmlinux", "--nonsense"}, "unknown or ambiguous option --nonsense; try --help"},
	{{"a", "b", "--nonsense", "c"}, "unknown or ambiguous option --nonsense; try --help"},
	{{"--c", "x"}, "unknown or ambiguous option --c; try --help"},
	{{"--=x"}, "unknown or ambiguous option --=x; try --help"},
	{{"-x"}, "unknown option -x; try --help"},
	{{"-?"}, "unknown option -?; try --help"},
	{{"-:"}, "unknown option -:; try --help"},
	{{"-xh"}, "unknown option -x; try --help"},
	{{"vmlinux", "-xz"}, "unknown option -x; try --help"},
	{{"-m64", "-x"}, "unknown option -x; try --help"},
	/* other programs' options, and ours with one dash */
	{{"-kernel", "x", "-append", "y", "-m", "512", "-smp", "2"},
	 "-kernel: use --kernel; -append: use --cmdline; -smp: use --cpus"},
	{{"-m", "512", "-nographic"},
	 "-nographic: leave it out: the console is on stdin and stdout"},
	{{"--append", "y"}, "--append: use --cmdline"},
	{{"--append=y"}, "--append: use --cmdline"},
	{{"--smp", "2", "--smp=3", "x"}, "--smp: use --cpus"},
	{{"k", "--params", "x", "--", "-smp"}, "--params: use --cmdline"},
	{{"-initrd", "x"}, "-initrd: use --initrd"},
	{{"-cmdline=x"}, "-cmdline: use --cmdline"},
	{{"-cpu", "host"}, "-cpu: leave it out: a guest has the host's processor"},
	{{"-hda", "x"}, "-hda: a guest has no such device"},
	{{"--hda", "x"}, "--hda: a guest has no such device"},
	{{"-drive", "x"}, "-drive: a guest has no such device"},
	{{"--drive", "x"}, "--drive: a guest has no such device"},
	{{"-blockdev", "x"}, "-blockdev: a guest has no such device"},
	{{"--blockdev", "x"}, "--blockdev: a guest has no such device"},
	{{"-cdrom", "x"}, "-cdrom: a guest has no such device"},
	{{"--cdrom", "x"}, "--cdrom: a guest has no such device"},
	{{"-device", "x"}, "-device: a guest has no such device"},
	{{"--device", "x"}, "--device: a guest has no such device"},
	{{"-chardev", "x"}, "-chardev: a guest has no such device"},
	{{"--chardev", "x"}, "--chardev: a guest has no such device"},
	{{"-netdev", "x"}, "-netdev: a guest has no such device"},
	{{"--netdev", "x"}, "--netdev: a guest has no such device"},
	{{"-nic", "x"}, "-nic: a guest has no such device"},
	{{"--nic", "x"}, "--nic: a guest has no such device"},
	{{"-virtfs", "x"}, "-virtfs: a guest has no such device"},
	{{"--virtfs", "x"}, "--virtfs: a guest has no such device"},
	{{"-fsdev", "x"}, "-fsdev: a guest has no such device"},
	{{"--fsdev", "x"}, "--fsdev: a guest has no such device"},
	{{"-network", "x"}, "-network: a guest has no such device"},
	{{"--network", "x"}, "--network: a guest has no such device"},
	{{"-9p", "x"}, "-9p: a guest has no such device"},
	{{"--9p", "x"}, "--9p: a guest has no such device"},
	{{"--no-seccomp"}, "--no-seccomp: use --seccomp off"},
	{{"-M", "q35", "-display", "none", "-vga", "none", "-serial", "stdio"},
	 "-M: leave it out: there is one machine; "
	 "-display: leave it out: the console is on stdin and stdout; "
	 "-vga: leave it out: the console is on stdin and stdout; "
	 "-serial: leave it out: the console is on stdin and stdout"},
	{{"-M", "-machine", "-enable-kvm", "-display", "-vga", "-serial", "-monitor", "-cpu"},
	 "-M: leave it out: there is one machine; -machine: leave it out: there is one machine; "
	 "-enable-kvm: leave it out: a guest always runs on KVM; "
	 "-display: leave it out: the console is on stdin and stdout; "
	 "-vga: leave it out: the console is on stdin and stdout; ..."},
	{{"-appendix"}, "unknown option -a; try --help"},
	{{"--smpx"}, "unknown or ambiguous option --smpx; try --help"},
	{{"-=x"}, "unknown option -=; try --help"},
	/* a value is missing */
	{{"-k"}, "-k needs a value; try --help"},
	{{"-i"}, "-i needs a value; try --help"},
	{{"-c"}, "-c needs a value; try --help"},
	{{"-s"}, "-s needs a value; try --help"},
	{{"-m"}, "-m needs a value; try --help"},
	{{"-b"}, "-b needs a value; try --help"},
	{{"--kernel"}, "--kernel needs a value; try --help"},
	{{"--initrd"}, "--initrd needs a value; try --help"},
	{{"--cmdline"}, "--cmdline needs a value; try --help"},
	{{"--cpus"}, "--cpus needs a value; try --help"},
	{{"--memory"}, "--memory needs a value; try --help"},
	{{"--boot"}, "--boot needs a value; try --help"},
	{{"--on-reboot"}, "--on-reboot needs a value; try --help"},
	{{"--kaslr"}, "--kaslr needs a value; try --help"},
	{{"--kaslr", "yes"}, "--kaslr: 'yes', expected on, off or auto"},
	{{"--no-cache=x"}, "--no-cache takes no value; try --help"},
	{{"--nested=1"}, "--nested takes no value; try --help"},
	{{"--overcommit=1"}, "--overcommit takes no value; try --help"},
	{{"--pmu=on"}, "--pmu takes no value; try --help"},
	{{"--nested", "--pmu", "--nested"}, "--nested is given twice; try --help"},
	{{"--pmu", "--pmu"}, "--pmu is given twice; try --help"},
	{{"--seccomp"}, "--seccomp needs a value; try --help"},
	{{"vmlinux", "--initr"}, "--initr needs a value; try --help"},
	{{"vmlinux", "--ini"}, "unknown or ambiguous option --ini; try --help"},
	/* a value where none is taken */
	{{"--ktap=x"}, "--ktap takes no value; try --help"},
	{{"--help=x"}, "--help takes no value; try --help"},
	{{"--version="}, "--version takes no value; try --help"},
	{{"--check=1"}, "--check takes no value; try --help"},
	{{"--vers=1"}, "--version takes no value; try --help"},
	/* twice, by whatever names */
	{{"-k", "a", "-k", "a"}, "--kernel is given twice; try --help"},
	{{"--init", "a", "--init", "b"}, "--init is given twice; try --help"},
	{{"--init", "a"}, "--init needs a --kernel: the embedded guest runs nothing"},
	{{"k", "--init", "a", "-c", "x rdinit=/sh"},
	 "--init: the --cmdline's rdinit= would run something else"},
	{{"--init="}, "--init: an empty file name"},
	{{"--dry-run", "--init", "a"}, "--init needs a --kernel: the embedded guest runs nothing"},
	{{"a", "--init", "b", "c"},
	 "'c': one kernel is enough (is --cmdline's value in quotes?); try --help"},
	{{"--dry-run", "--dry-run"}, "--dry-run is given twice; try --help"},
	{{"--check", "--dry-run"}, "--check takes no other options; try --help"},
	{{"-c", "a", "--cmd=b"}, "--cmdline is given twice; try --help"},
	{{"-s1", "-s1"}, "--cpus is given twice; try --help"},
	{{"-m64", "--memory=64"}, "--memory is given twice; try --help"},
	{{"-bpvh", "-bauto"}, "--boot is given twice; try --help"},
	{{"--on-reboot=exit", "--on=exit"}, "--on-reboot is given twice; try --help"},
	{{"--seccomp=on", "--seccomp=on"}, "--seccomp is given twice; try --help"},
	{{"--ktap", "--ktap"}, "--ktap is given twice; try --help"},
	{{"--check", "--check"}, "--check is given twice; try --help"},
	/* words */
	{{"--boot", ""}, "--boot: '', expected auto, linux64 or pvh"},
	{{"--boot=linux"}, "--boot: 'linux', expected auto, linux64 or pvh"},
	{{"--boot=PVH"}, "--boot: 'PVH', expected auto, linux64 or pvh"},
	{{"--on-reboot=poweroff"}, "--on-reboot: 'poweroff', expected exit or restart"},
	{{"--seccomp=1"}, "--seccomp: '1', expected on, log or off"},
	/* vCPUs */
	{{"--cpus", ""}, "--cpus: '' is not a number"},
	{{"--cpus", "0"}, "--cpus: '0', expected 1 to 65535"},
	{{"--cpus", "65536"}, "--cpus: '65536', expected 1 to 65535"},
	{{"--cpus", "4294967297"}, "--cpus: '4294967297', expected 1 to 65535"},
	{{"--cpus", "18446744073709551616"}, "--cpus: '18446744073709551616' is too large"},
	{{"--cpus", "-1"}, "--cpus: '-1' is not a number"},
	{{"--cpus", "+1"}, "--cpus: '+1' is not a number"},
	{{"--cpus", " 1"}, "--cpus: ' 1' is not a number"},
	{{"--cpus", "1 "}, "--cpus: '1 ' is not a number"},
	{{"--cpus", "2x"}, "--cpus: '2x' is not a number"},
	{{"--cpus", "0x2"}, "--cpus: '0x2' is not a number"},
	{{"--cpus", "1.5"}, "--cpus: '1.5' is not a number"},
	/* RAM */
	{{"-m", ""}, "--memory: '' is not a number"},
	{{"-m", "x"}, "--memory: 'x' is not a number"},
	{{"-m", "M"}, "--memory: 'M' is not a number"},
	{{"-m", "-64"}, "--memory: '-64' is not a number"},
	{{"-m", "0"}, "--memory: '0' is no memory at all"},
	{{"-m", "0G"}, "--memory: '0G' is no memory at all"},
	{{"-m", "64Q"}, "--memory: '64Q'" NOT_A_SIZE},
	{{"-m", "1"}, "--memory: '1' is too little, expected at least 2048K"},
	{{"-m", "2044K"}, "--memory: '2044K' is too little, expected at least 2048K"},
	{{"-m", "2049K"}, "--memory: '2049K' is not a multiple of 4K, the page size"},
	{{"-m", "1K"}, "--memory: '1K' is not a multiple of 4K, the page size"},
	{{"-m", "65T"}, "--memory: '65T' is too large, expected at most 64T"},
	{{"-m", "67108865"}, "--memory: '67108865' is too large, expected at most 64T"},
	{{"-m", "16777216T"}, "--memory: '16777216T' is too large"},
	{{"-m", "18446744073709551616"}, "--memory: '18446744073709551616' is too large"},
	/* durations */
	{{"--timeout", ""}, "--timeout: '' is not a number"},
	{{"--timeout", "s"}, "--timeout: 's' is not a number"},
	{{"--timeout", "-1"}, "--timeout: '-1' is not a number"},
	{{"--timeout", "0ms"}, "--timeout: '0ms' is no time at all"},
	{{"--timeout", "1d"},
	 "--timeout: '1d' is not a duration: expected a number of seconds, or one "
	 "with ms, s, m or h"},
	{{"--timeout", "1.5s"},
	 "--timeout: '1.5s' is not a duration: expected a number of seconds, "
	 "or one with ms, s, m or h"},
	{{"--idle-timeout", "878401h"}, "--idle-timeout: '878401h' is too long"},
	{{"--idle-timeout", "18446744073709551616"},
	 "--idle-timeout: '18446744073709551616' is too large"},
	/* patterns */
	{{"--until-expected"}, "--until-expected needs an --expect; try --help"},
	{{"--expect-ordered"}, "--expect-ordered needs an --expect; try --help"},
	{{"--expect"}, "--expect needs a value; try --help"},
	{{"--quiet", "--quiet"}, "--quiet is given twice; try --help"},
	{{"--log="}, "--log: an empty file name"},
	/* files */
	{{"--kernel="}, "--kernel: an empty file name"},
	{{"-k", ""}, "--kernel: an empty file name"},
	{{"--initrd="}, "--initrd: an empty file name"},
	{{""}, "kernel: an empty file name"},
	{{"a", "b"}, "'b': one kernel is enough (is --cmdline's value in quotes?); try --help"},
	{{"a", "--", "b"},
	 "'b': one kernel is enough (is --cmdline's value in quotes?); try --help"},
	{{"--cmdline", "console=ttyS0", "panic=1", "-k", "a"},
	 "'panic=1': the kernel is 'a' already; try --help"},
	{{"-k", "a", "b"}, "'b': the kernel is 'a' already; try --help"},
	{{"b", "-k", "a"}, "'b': the kernel is 'a' already; try --help"},
	/* contradictions */
	{{"--check", "vmlinux"}, "--check takes no other options; try --help"},
	{{"-k", "vmlinux", "--check"}, "--check takes no other options; try --help"},
	{{"--check", "--nested"}, "--check takes no other options; try --help"},
	{{"--check", "-m64"}, "--check takes no other options; try --help"},
	{{"--seccomp=off", "--check"}, "--check takes no other options; try --help"},
	{{"--check", "-i", "rd"}, "--check takes no other options; try --help"},
	{{"--expect=x", "--check"}, "--check takes no other options; try --help"},
	{{"--check", "--fail-on=x"}, "--check takes no other options; try --help"},
	/* the first error is the one that is told */
	{{"-s0", "--nonsense"}, "--cpus: '0', expected 1 to 65535"},
	{{"--nonsense", "-s0"}, "unknown or ambiguous option --nonsense; try --help"},
	{{"--nonsense", "--help"}, "unknown or ambiguous option --nonsense; try --help"},
	{{"a", "b", "-s0"}, "--cpus: '0', expected 1 to 65535"},
};

START_TEST(refuses)
{
	struct config cfg;
	struct err e;

	ck_assert_int_eq(parse(bad[_i].args, &cfg, &e), -1);
	ck_assert_str_eq(e.text, bad[_i].error);
}
END_TEST

/* getopt keeps its place in globals: nothing of an earlier call, even a failed one, may be left. */
START_TEST(starts_over)
{
	static const char *const cut[] = {"-hx", NULL}, *const unknown[] = {"-xyz", "a", NULL},
				 *const next[] = {"-m", "64", "vmlinux", NULL};
	struct config cfg;
	struct err e;

	ck_assert_int_eq(parse(cut, &cfg, &e), 0);
	ck_assert_int_eq(parse(next, &cfg, &e), 0);
	ck_assert_str_eq(cfg.payload.kernel, "vmlinux");
	ck_assert_int_eq(parse(unknown, &cfg, &e), -1);
	ck_assert_int_eq(parse(next, &cfg, &e), 0);
	ck_assert_str_eq(cfg.payload.kernel, "vmlinux");
	ck_assert_uint_eq(cfg.machine.memory_bytes, 64 * MIB);
	ck_assert_int_eq(cfg.action, ACTION_RUN);
}
END_TEST

static const struct {
	const char *text;
	uint64_t bytes;
} sizes[] = {
	{"1", MIB},
	{"1K", 1024},
	{"1k", 1024},
	{"1M", MIB},
	{"1m", MIB},
	{"1G", 1024 * MIB},
	{"1g", 1024 * MIB},
	{"1T", MIB *MIB},
	{"1t", MIB *MIB},
	{"3330", 3330 * MIB},
	{"0012M", 12 * MIB},
	{"512MB", 512 * MIB},
	{"512MiB", 512 * MIB},
	{"512mib", 512 * MIB},
	{"512mb", 512 * MIB},
	{"2GiB", 2048 * MIB},
	{"7KB", 7168},
	{"17592186044415", 17592186044415 * MIB},
	{"17592186044415M", 17592186044415 * MIB},
	{"18014398509481983K", 18014398509481983 * 1024ULL},
	{"17179869183G", 17179869183 * 1024 * MIB},
	{"16777215T", 16777215 * MIB *MIB},
};

START_TEST(size)
{
	uint64_t bytes = 0;
	struct err e;
	ck_assert_int_eq(quantity_size(sizes[_i].text, &bytes, &e), 0);
	ck_assert_uint_eq(bytes, sizes[_i].bytes);
}
END_TEST

static const struct {
	const char *text, *error;
} bad_sizes[] = {
	{"", "'' is not a number"},
	{"K", "'K' is not a number"},
	{" 1", "' 1' is not a number"},
	{"0", "'0' is no memory at all"},
	{"000K", "'000K' is no memory at all"},
	{"1 ", "'1 '" NOT_A_SIZE},
	{"1B", "'1B'" NOT_A_SIZE},
	{"1iB", "'1iB'" NOT_A_SIZE},
	{"1MM", "'1MM'" NOT_A_SIZE},
	{"1Mi", "'1Mi'" NOT_A_SIZE},
	{"1MiBx", "'1MiBx'" NOT_A_SIZE},
	{"1M ", "'1M '" NOT_A_SIZE},
	{"1P", "'1P'" NOT_A_SIZE},
	{"1,5G", "'1,5G'" NOT_A_SIZE},
	{"1.5G", "'1.5G'" NOT_A_SIZE},
	{"0x10", "'0x10'" NOT_A_SIZE},
	{"1\xcb", "'1\xcb'" NOT_A_SIZE},
	{"1\xeb", "'1\xeb'" NOT_A_SIZE},
	{"1\x0b", "'1\x0b'" NOT_A_SIZE},
	{"18446744073709551615", "'18446744073709551615' is too large"},
	{"18446744073709551616K", "'18446744073709551616K' is too large"},
	{"99999999999999999999999", "'99999999999999999999999' is too large"},
	{"17592186044416", "'17592186044416' is too large"},
	{"17592186044416M", "'17592186044416M' is too large"},
	{"18014398509481984K", "'18014398509481984K' is too large"},
	{"17179869184G", "'17179869184G' is too large"},
	{"16777216T", "'16777216T' is too large"},
};

START_TEST(bad_size)
{
	uint64_t bytes = 77;
	struct err e;
	ck_assert_int_eq(quantity_size(bad_sizes[_i].text, &bytes, &e), -1);
	ck_assert_str_eq(e.text, bad_sizes[_i].error);
	ck_assert_uint_eq(bytes, 77);
}
END_TEST

/* --help names every option, and what holds without it; no line is wider than a terminal. */
START_TEST(help)
{
	static const char *const names[] = {
		"--kernel",
		"--initrd",
		"--cmdline",
		"--cpus",
		"--memory",
		"--boot",
		"--check",
		"--help",
		"--kaslr",
		"--no-cache",
		"--nested ",
		"--pmu ",
		"--overcommit ",
		"--on-reboot WHAT",
		"--seccomp",
		"--version",
		"-k, ",
		"-i, ",
		"-c, ",
		"-s, ",
		"-m, ",
		"-b, ",
		"-h, ",
		"-V, ",
		"Exit status",
		"--init ",
		"--expect ",
		"--expect-ordered",
		"--until-expected",
		"--fail-on ",
		"--fail-on-warning",
		"--ignore-warning ",
		"--allow-silent-reboot",
		"--ktap",
		"--timeout ",
		"--idle-timeout ",
		"--log ",
		"--timestamps",
		"--quiet",
		"--dtb FILE",
		"--dump-dtb FILE",
		"--report FILE",
		"--junit FILE",
		"--dry-run",
		"\nFor CI jobs:\n      --expect REGEX     a console line",
		"\n      --dtb FILE         (arm64) a device",
		"number of vCPUs (default: 1)\n",
		"verbatim (default: a unified\n                         kernel image's",
		"or pvh\n                         (default: auto: linux64 for",
		"\n      --idle-timeout TIME\n                         the same",
		"\n      --fail-on-warning  status 104",
		"\n  -m, --memory SIZE      RAM: a",
		"several are put one after another,\n", /* up to the 80th column */
	};
	char *text = NULL;
	size_t bytes = 0;
	FILE *f = open_memstream(&text, &bytes);

	ck_assert_ptr_nonnull(f);
	help_print(f);
	ck_assert_int_eq(fclose(f), 0);

	for (int i = 0; i < COUNT(names); i++)
		ck_assert_msg(strstr(text, names[i]) != NULL, "%s", names[i]);
	size_t widest = 0;
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		widest = strcspn(line, "\n") > widest ? strcspn(line, "\n") : widest;
	ck_assert_uint_le(widest, 80);
	ck_assert_int_eq(text[bytes - 1], '\n');
	free(text);
}
END_TEST

START_TEST(durations)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good_durations[] = {
		{"90", 90000000000},  {"90s", 90000000000},
		{"2m", 120000000000}, {"1ms", 1000000},
		{"500ms", 500000000}, {"1h", 3600000000000},
		{"007", 7000000000},  {"878400h", 3162240000000000000},
	};
	struct err e;

	for (int i = 0; i < COUNT(good_durations); i++) {
		uint64_t ns = 0;
		ck_assert_msg(quantity_duration(good_durations[i].text, &ns, &e) == 0, "%s",
			      e.text);
		ck_assert_uint_eq(ns, good_durations[i].ns);
	}
}
END_TEST

START_TEST(lists)
{
	static const char *const args[] = {
		"--expect=a", "--fail-on",        "x", "--expect",         "b c", "--quiet",
		"--ktap",     "--ignore-warning", "y", "--ignore-warning", "z",   "--fail-on=w",
		NULL};
	struct config cfg;
	struct err e;

	ck_assert_msg(parse(args, &cfg, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(cfg.console.expect.n, 2);
	ck_assert_str_eq(cfg.console.expect.at[0], "a");
	ck_assert_str_eq(cfg.console.expect.at[1], "b c");
	ck_assert_uint_eq(cfg.console.fail_on.n, 2);
	ck_assert_str_eq(cfg.console.fail_on.at[1], "w");
	ck_assert_str_eq(cfg.console.fail_on.at[0], "x");
	ck_assert_uint_eq(cfg.console.ignore_warning.n, 2);
	ck_assert_str_eq(cfg.console.ignore_warning.at[1], "z");
	ck_assert(!cfg.run.fail_on_warning && !cfg.run.allow_silent_reboot);
	ck_assert(cfg.console.quiet && cfg.console.ktap && !cfg.console.timestamps &&
		  !cfg.run.until_expected && !cfg.console.expect_ordered);
}
END_TEST

START_TEST(lists_are_bounded)
{
	static char name[] = "minivmm", option[] = "--initrd=a";
	char *argv[STRINGS_MAX + 3] = {name};
	struct config cfg;
	struct err e;

	for (int i = 1; i <= STRINGS_MAX + 1; i++)
		argv[i] = option;
	ck_assert_int_eq(options_parse(STRINGS_MAX + 2, argv, &cfg, &e), -1);
	ck_assert_str_eq(e.text, "--initrd: given more than 64 times");
	argv[STRINGS_MAX + 1] = NULL;
	ck_assert_int_eq(options_parse(STRINGS_MAX + 1, argv, &cfg, &e), 0);
	ck_assert_uint_eq(cfg.payload.initrd.n, STRINGS_MAX);
}
END_TEST

/* After "--": what looks like an option is an argument, too. */
START_TEST(init_has_arguments)
{
	static const struct {
		const char *args[MAX_ARGS + 1];
		const char *want[4];
	} rows[] = {
		{{"k", "--init", "a"}, {NULL}},
		{{"k", "--init", "a", "--"}, {NULL}},
		{{"--init", "a", "k", "--", "-k", "--", ""}, {"-k", "--", ""}},
		{{"-k", "k", "--init=a", "--", "b"}, {"b"}},
	};
	struct config cfg;
	struct err e;

	for (int i = 0; i < COUNT(rows); i++) {
		unsigned n = 0;
		ck_assert_msg(parse(rows[i].args, &cfg, &e) == 0, "%s", e.text);
		ck_assert_str_eq(cfg.payload.kernel, "k");
		for (; rows[i].want[n]; n++) {
			ck_assert_uint_gt(cfg.payload.n_init_args, n);
			ck_assert_str_eq(cfg.payload.init_args[n], rows[i].want[n]);
		}
		ck_assert_uint_eq(cfg.payload.n_init_args, n);
	}
}
END_TEST

/* The reports call a protocol as the option does. */
START_TEST(a_boot_protocol_has_one_name)
{
	for (enum boot_proto proto = BOOT_AUTO; proto <= BOOT_PVH; proto++) {
		const char *const args[] = {"--boot", machine_boot_name(proto), NULL};
		struct config cfg;
		struct err e;
		ck_assert_int_eq(parse(args, &cfg, &e), 0);
		ck_assert_int_eq(cfg.machine.boot, proto);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("options");
	TCase *tc = tcase_create("options");
	unsetenv("POSIXLY_CORRECT"); /* would end the options at the first other word */
	tcase_add_test(tc, a_boot_protocol_has_one_name);
	tcase_add_loop_test(tc, takes, 0, COUNT(good));
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad));
	tcase_add_test(tc, starts_over);
	tcase_add_loop_test(tc, size, 0, COUNT(sizes));
	tcase_add_loop_test(tc, bad_size, 0, COUNT(bad_sizes));
	tcase_add_test(tc, help);
	tcase_add_test(tc, durations);
	tcase_add_test(tc, lists);
	tcase_add_test(tc, lists_are_bounded);
	tcase_add_test(tc, init_has_arguments);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
