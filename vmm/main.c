/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * argv -> exit status. The only file that prints errors or exits, but for guard.c's last words.
 */
#include "vmm/base/clock.h"
#include "vmm/base/file.h"
#include "vmm/base/thread.h"
#include "vmm/cli/check.h"
#include "vmm/cli/distinct.h"
#include "vmm/cli/help.h"
#include "vmm/cli/options.h"
#include "vmm/cli/version.h"
#include "vmm/console/tty.h"
#include "vmm/inspect/inspect.h"
#include "vmm/machine/vm.h"
#include "vmm/run/dry_run.h"
#include "vmm/run/explain.h"
#include "vmm/run/loop.h"
#include "vmm/run/signals.h"
#include "vmm/run/verdict.h"
#include "vmm/sandbox/guard.h"
#include "vmm/sandbox/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A caller may have closed descriptors 0 to 2: nothing that we open must land there. */
static void fill_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* stdout is buffered for --help and the like: what could not be written is an error. */
static int finish_stdout(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "minivmm: stdout: %s\n", strerror(errno));
	return STATUS_OWN;
}

/* What there is to say, to stderr; a pipe that nobody reads does not keep us. */
static void explain_patiently(struct vm *vm)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	explain(vm, f);
	if (fclose(f) == 0)
		(void)file_write_patiently(STDERR_FILENO, (struct blob){(uint8_t *)text, size});
	free(text);
}

/* Runs a VM that is built, to its end. False: it is to be built and run again. */
static bool run_once(struct vm *vm, struct loop *loop)
{
	bool restart = vm->host->cfg->run.on_reboot == ON_REBOOT_RESTART;

	vm_start(vm);
	loop_run(loop, vm);
	uint64_t end_ns = clock_now_ns();
	vm_join(vm);
	outcome_count(&vm->host->outcome, vm);
	if (restart && vm->stop.kind == STOP_RESET && !loop_wants_end(loop, vm))
		return false;
	vm->host->timeline.at_ns[MOMENT_END] = end_ns;
	if (loop_drain(loop, &vm->stop))
		verdict_on_console(vm);
	signals_after_run();
	outcome_set(&vm->host->outcome, vm);
	explain_patiently(vm);
	return true;
}

/* The first VM, up to where it could run. */
static int build_first(struct host *host, struct vm *vm, struct err *e)
{
	const char *dump = host->cfg->dump_dtb;

	if (vm_init(vm, host, e))
		return -1;
	if (!dump || vm_dump_dtb(vm, dump, e) == 0)
		return 0;
	vm_cancel(vm);
	vm_fini(vm);
	return -1;
}

/* All that comes before the run, which may take long: neither a signal nor the limit waits. */
static int load(struct host *host, struct vm *vm, struct loop *loop, struct err *e)
{
	signals_while_loading(host->cfg->run.timeout_ns);
	int error = host_init(host, e);
	if (!error && build_first(host, vm, e)) {
		error = -1;
		loop_drain(loop, NULL); /* the console's thread ends */
	}
	loop->ended_by = signals_loaded();
	if (error && loop->ended_by)
		guard_end_by_signal(loop->ended_by); /* that may be why it failed */
	return error;
}

/* Runs the VM that is built, and builds and runs it again when the guest reboots and that is
 * wanted. */
static int run_vms(struct host *host, struct vm *vm, struct loop *loop, struct err *e)
{
	for (;;) {
		if (host->cfg->run.on_reboot != ON_REBOOT_RESTART)
			host_close_files(host);
		tty_raw(STDIN_FILENO);
		bool done = run_once(vm, loop);
		vm_fini(vm);
		if (done)
			return 0;
		if (vm_init(vm, host, e)) {
			loop_drain(loop, NULL); /* the guest may have printed */
			return -1;
		}
	}
}

static int confine(const struct config *cfg, struct err *e)
{
	const struct seccomp_needs needs = {
		.rebuild = cfg->run.on_reboot == ON_REBOOT_RESTART,
		.report = reporter_wanted(cfg),
	};

	return seccomp_install(cfg->seccomp, needs, e);
}

/* Everything but the reports. An error leaves the console's thread ended, if it ever was. */
static int run_guest(struct host *host, const struct config *cfg, struct err *e)
{
	struct loop loop;
	struct vm vm;

	if (loop_init(&loop, host, e) || reporter_open(&host->reporter, cfg, e) ||
	    load(host, &vm, &loop, e))
		return -1;
	if (confine(cfg, e)) {
		vm_cancel(&vm);
		vm_fini(&vm);
		loop_drain(&loop, NULL);
		return -1;
	}
	int error = run_vms(host, &vm, &loop, e);
	loop_fini(&loop);
	return error;
}

/* Returns the status. What goes wrong is said here. */
static int run_host(struct host *host, const struct config *cfg)
{
	struct err e;

	host->cfg = cfg;
	int error = run_guest(host, cfg, &e);
	if (error) {
		fprintf(stderr, "minivmm: %s\n", e.text);
		outcome_fail(&host->outcome, &e);
	}
	timeline_mark(&host->timeline, MOMENT_END);
	signals_after_run();
	if (reporter_write(&host->reporter, host, &e))
		fprintf(stderr, "minivmm: %s\n", e.text);
	if (!error && !host->console.lost) /* else the process ends: the kernel cleans up */
		host_fini(host);
	return host->outcome.status;
}

static int try_dry(const struct config *cfg)
{
	struct err e;

	if (dry_run(cfg, stdout, &e) == 0)
		return finish_stdout(STATUS_OK);
	fprintf(stderr, "minivmm: %s\n", e.text);
	return STATUS_OWN;
}

static int try_inspect(const struct config *cfg)
{
	struct err e;

	if (inspect_file(cfg->payload.kernel, cfg->inspect_json, stdout, &e) == 0)
		return finish_stdout(STATUS_OK);
	fprintf(stderr, "minivmm: %s\n", e.text);
	return STATUS_OWN;
}

static int run(const struct config *cfg, const struct timeline *timeline)
{
	/* From the heap, zeroed: the buffers in it cost no memory until they are used. */
	struct host *host = calloc(1, sizeof(*host));

	if (!host) {
		fprintf(stderr, "minivmm: out of memory\n");
		return STATUS_OWN;
	}
	host->timeline = *timeline;
	thread_setup();
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1); /* glibc: no heap a thread, which costs memory and system calls */
#endif
	tzset(); /* opens a file, which no restart may: see cmos_init() */
	signal(SIGPIPE, SIG_IGN);
	int status = run_host(host, cfg);
	if (!host->console.lost)
		free(host);
	return status;
}

int main(int argc, char **argv)
{
	struct config cfg;
	struct timeline timeline = {0};
	struct err e;

	timeline_start(&timeline);
	guard_setup();
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write() */
	fill_standard_fds();
	if (options_parse(argc, argv, &cfg, &e)) {
		fprintf(stderr, "minivmm: %s\n", e.text);
		return STATUS_OWN;
	}
	bool writes = cfg.action == ACTION_RUN || cfg.action == ACTION_DRY_RUN;
	if (writes && distinct_check(&cfg, &e)) {
		fprintf(stderr, "minivmm: %s\n", e.text);
		return STATUS_OWN;
	}
	switch (cfg.action) {
	case ACTION_HELP:
		help_print(stdout);
		return finish_stdout(STATUS_OK);
	case ACTION_VERSION:
		version_print(stdout);
		return finish_stdout(STATUS_OK);
	case ACTION_CHECK:
		return finish_stdout(check_host(stdout) ? STATUS_OK : STATUS_OWN);
	case ACTION_DRY_RUN:
		return try_dry(&cfg);
	case ACTION_INSPECT:
		return try_inspect(&cfg);
	case ACTION_RUN:
		break;
	}
	return run(&cfg, &timeline);
}
