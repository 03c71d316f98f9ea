/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the configuration to the exit status: see run_guest.h. Read this file from its end: each
 * function calls those before it. Only this file knows struct session; each stage gets the parts of
 * it that it needs.
 */
#include "vmm/cli/run_guest.h"

#include "vmm/base/clock.h"
#include "vmm/base/file.h"
#include "vmm/base/message.h"
#include "vmm/cli/options.h"
#include "vmm/console/tty.h"
#include "vmm/machine/host_limits.h"
#include "vmm/report/report_files.h"
#include "vmm/report/report_text.h"
#include "vmm/run/drain.h"
#include "vmm/run/guest_end.h"
#include "vmm/run/loop.h"
#include "vmm/run/result.h"
#include "vmm/run/signals.h"
#include "vmm/run/verdict.h"
#include "vmm/sandbox/guard.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* The results of all stages. Initially all zero, except the first two members. */
struct session {
	const struct config *cfg;
	struct timeline timeline;
	struct report_files report_files;
	struct kvm kvm;
	struct payload payload;
	struct console console;
	struct stop stop;
	struct guest_end guest_end;
	struct vm vm;
	struct loop loop;
	struct result result;
	uint64_t printed_before; /* bytes that the console had when this VM began */
	const char *boot; /* the protocol by which the kernel is entered; NULL: not known yet */
};

static bool restarts(const struct session *s)
{
	return s->cfg->run.on_reboot == ON_REBOOT_RESTART;
}

/* Warns for the first VM only: one that is built after a reboot would repeat the warning. */
static void warn(void *opaque, const char *text)
{
	const struct session *s = opaque;

	if (!s->result.boots)
		message_warning(text);
}

/* Opens what is kept across reboots. */
static int open_host(struct session *s, struct err *e)
{
	const struct machine_config *machine = &s->cfg->machine;

	if (payload_open(&s->payload, &s->cfg->payload, machine->memory_bytes, e) ||
	    host_limits_open_kvm(&s->kvm, machine, e))
		return -1;
	s->stop.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->stop.wake_fd < 0)
		return err_set(e, "eventfd: %s", strerror(errno));
	return console_init(&s->console, &s->cfg->console, &s->timeline, s->stop.wake_fd, e);
}

static int build_vm(struct session *s, struct err *e)
{
	const struct vm_setup setup = {
		.cfg = &s->cfg->machine,
		.kvm = &s->kvm,
		.payload = &s->payload,
		.console = console_chardev(&s->console),
		.events = guest_end_events(&s->guest_end),
		.log = {warn, s},
		.stop = &s->stop,
		.timeline = &s->timeline,
	};

	stop_begin(&s->stop);
	if (vm_init(&s->vm, &setup, e))
		return -1;
	s->boot = machine_boot_name(s->vm.loaded.boot.proto);
	s->printed_before = s->console.tail.n;
	guest_end_watch(&s->guest_end, s->payload.kernel.cmdline);
	return 0;
}

static void end_vm(struct session *s)
{
	guest_end_unwatch(&s->guest_end);
	vm_fini(&s->vm);
}

/* Gives up a VM that was built and never ran. */
static void discard_vm(struct session *s)
{
	vm_cancel(&s->vm);
	end_vm(s);
}

/* Builds the first VM, up to the point where it could run. */
static int build_first(struct session *s, struct err *e)
{
	const char *path = s->cfg->dump_dtb;

	if (build_vm(s, e))
		return -1;
	if (!path || load_dump_dtb(&s->vm.mem, &s->vm.loaded, path, e) == 0)
		return 0;
	discard_vm(s);
	return -1;
}

/* Prepares the run. This may take long, and must not delay a signal or the time limit. */
static int load(struct session *s, struct err *e)
{
	signals_while_loading(s->cfg->run.timeout_ns);
	int error = open_host(s, e);
	if (!error && build_first(s, e)) {
		error = -1;
		drain_hurriedly(&s->loop); /* ends the console's thread */
	}
	s->loop.ended_by = signals_loaded();
	if (error && s->loop.ended_by)
		guard_end_by_signal(s->loop.ended_by); /* the signal may be why it failed */
	return error;
}

static int confine(struct session *s, struct err *e)
{
	const struct seccomp_extras extras = {
		.rebuild = restarts(s),
		.report = report_files_wanted(&s->cfg->report),
	};

	if (seccomp_install(s->cfg->seccomp, extras, e) == 0)
		return 0;
	discard_vm(s);
	drain_hurriedly(&s->loop);
	return -1;
}

/* Judges the VM, whose threads have ended. */
static void judge_guest(struct session *s)
{
	int vcpu = s->stop.vcpu;
	const struct verdict_facts facts = {
		.console = &s->console,
		.printed_before = s->printed_before,
		.triple_fault = vcpu >= 0 && vcpu_registers_lost(&s->vm.vcpu[vcpu]),
	};

	s->result.boots++;
	vm_count_exits(&s->vm, s->result.exits);
	verdict_on_guest(&s->stop, &facts, &s->cfg->run);
}

/* What the console says about the reason, which the machine does not know. */
static const char *detail(const struct session *s)
{
	if (s->stop.kind == STOP_PANIC)
		return s->console.marks.reason;
	if (s->stop.kind == STOP_EXIT && s->stop.value && s->cfg->payload.init)
		return s->console.watch.boot.init_said;
	return "";
}

/* Writes the result to stderr, without waiting long for a pipe that nobody reads. */
static void say_result(const struct session *s)
{
	const struct report_text_facts facts = {
		.result = &s->result,
		.vm = &s->vm,
		.payload = &s->payload,
		.console = &s->console,
		.quiet = s->cfg->console.quiet,
	};
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	report_text(&facts, f);
	if (fclose(f) == 0 && size)
		message_text((struct blob){(uint8_t *)text, size});
	free(text);
}

/* Runs the VM to its end. False: the guest rebooted, and the VM must be built again. */
static bool run_once(struct session *s)
{
	vm_start(&s->vm);
	loop_run(&s->loop, &s->vm);
	uint64_t end_ns = clock_now_ns();
	vm_join(&s->vm);
	judge_guest(s);
	if (restarts(s) && s->stop.kind == STOP_RESET && !loop_wants_end(&s->loop, &s->vm))
		return false;
	s->timeline.at_ns[MOMENT_END] = end_ns;
	if (drain(&s->loop))
		verdict_on_console(&s->stop, &s->console, &s->cfg->run);
	signals_after_run();
	result_set(&s->result, &s->stop, detail(s));
	say_result(s);
	return true;
}

/* Runs the VM and, with --on-reboot restart, another one after each reboot. */
static int run_vms(struct session *s, struct err *e)
{
	for (;;) {
		if (!restarts(s))
			payload_close(&s->payload);
		tty_raw(STDIN_FILENO);
		bool done = run_once(s);
		end_vm(s);
		if (done)
			return 0;
		if (build_vm(s, e)) {
			drain_hurriedly(&s->loop); /* the guest may have printed */
			return -1;
		}
	}
}

/* All stages except the reports. After an error, the console's thread does not run. */
static int run_stages(struct session *s, struct err *e)
{
	const struct config *cfg = s->cfg;

	stop_init(&s->stop, -1); /* nothing wakes the loop before open_host() */
	s->guest_end = (struct guest_end){.stop = &s->stop, .console = &s->console};
	if (loop_init(&s->loop, &cfg->run, &s->console, &s->stop, e) ||
	    report_files_open(&s->report_files, &cfg->report, cfg->seccomp, e) || load(s, e) ||
	    confine(s, e))
		return -1;
	int error = run_vms(s, e);
	loop_fini(&s->loop);
	return error;
}

static void write_reports(struct session *s)
{
	const struct config *cfg = s->cfg;
	struct report report = {
		.payload = &cfg->payload,
		.machine = &cfg->machine,
		.fail_on = &cfg->console.fail_on,
		.ktap = cfg->console.ktap,
		.fail_on_warning = cfg->run.fail_on_warning,
		.kernel = &s->payload.kernel.facts,
		.cmdline = s->payload.kernel.cmdline,
		.boot = s->boot,
		.result = &s->result,
		.timeline = &s->timeline,
		.watch = &s->console.watch,
		.tail = &s->console.tail,
		.dropped_bytes = s->console.out.dropped + console_unwritten(&s->console),
	};
	struct err e;

	if (report_files_write(&s->report_files, &report, &s->result, &e))
		message_error(&e);
}

static void close_host(struct session *s)
{
	console_fini(&s->console);
	close(s->stop.wake_fd);
	stop_fini(&s->stop);
	kvm_close(&s->kvm);
	payload_close(&s->payload);
}

static int run_session(struct session *s)
{
	struct err e;
	int error = run_stages(s, &e);

	if (error) {
		message_error(&e);
		result_fail(&s->result, &e);
	}
	timeline_mark(&s->timeline, MOMENT_END);
	signals_after_run();
	write_reports(s);
	if (!error && !s->console.lost) /* otherwise the kernel cleans up when the process ends */
		close_host(s);
	return s->result.status;
}

int run_guest(const struct config *cfg, const struct timeline *start)
{
	/* Allocated as zeros: the buffers in it cost no memory until they are used. */
	struct session *s = calloc(1, sizeof(*s));
	struct err e;

	if (!s) {
		err_set(&e, "out of memory");
		message_error(&e);
		return STATUS_OWN;
	}
	s->cfg = cfg;
	s->timeline = *start;
	thread_setup();
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1); /* glibc: a heap for each thread costs memory and system calls */
#endif
	tzset(); /* opens a file, which seccomp refuses later: see cmos_init() */
	signal(SIGPIPE, SIG_IGN);
	int status = run_session(s);
	if (!s->console.lost)
		free(s);
	return status;
}
