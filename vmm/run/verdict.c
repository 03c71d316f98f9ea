/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a run ended well: see verdict.h. */
#include "vmm/run/verdict.h"

#include "vmm/machine/vcpu.h"
#include "vmm/machine/vm.h"
#include "vmm/watch/ending.h"

#include <inttypes.h>
#include <string.h>

/* Linux's last way to reboot, and the first with reboot=triple. */
static bool was_meant(const struct vm *vm, const struct ending *ending)
{
	const struct stop *stop = &vm->stop;

	return stop->kind == STOP_CRASH && stop->vcpu >= 0 && ending->restarting &&
	       run_registers_lost(&vm->vcpu[stop->vcpu]);
}

static bool is_silent(const struct vm *vm, const struct ending *ending)
{
	return ending->starting || vm->host->console.tail.n == vm->printed_before;
}

/* A guest that went by itself, and nobody saw that it wanted to. */
static void doubt(struct vm *vm, const struct ending *ending)
{
	struct stop *stop = &vm->stop;
	const char *did = stop->kind == STOP_RESET ? "reset itself" : "powered off";

	if (ending->trouble[0]) {
		stop_become(stop, STOP_PANIC, "the guest %s after an oops: %s", did,
			    ending->trouble);
	} else if (stop->kind == STOP_RESET && is_silent(vm, ending) &&
		   !vm->host->cfg->run.allow_silent_reboot) {
		stop_become(stop, STOP_SILENT,
			    "the guest reset itself without having printed anything%s",
			    ending->starting ? " after kexec" : "");
	}
}

void verdict_on_guest(struct vm *vm)
{
	struct stop *stop = &vm->stop;
	struct ending ending;

	ending_read(&vm->host->console.tail, vm->printed_before, &vm->host->console.watch.known,
		    &ending);
	if (was_meant(vm, &ending)) {
		stop_become(stop, STOP_RESET, "%s", "");
	}
	stop_settle(stop);
	if (stop->kind == STOP_RESET || stop->kind == STOP_POWER_OFF)
		doubt(vm, &ending);
}

static bool may_miss(const struct vm *vm)
{
	const struct config *cfg = vm->host->cfg;

	return cfg->console.fail_on.n || cfg->run.fail_on_warning || cfg->console.ktap;
}

void verdict_on_console(struct vm *vm)
{
	const struct config *cfg = vm->host->cfg;
	const struct console *c = &vm->host->console;
	const char *missing = expect_missing(&c->watch.expect);
	struct stop *stop = &vm->stop;
	char problem[STOP_TEXT_BYTES - sizeof("--ktap: ")];

	if (stop->kind == STOP_USER || !stop_is_good(stop))
		return;
	if (c->log.error) {
		stop_become(stop, STOP_HOST, "--log: %s: %s", c->log.path, strerror(c->log.error));
	} else if (missing) {
		stop_become(stop, STOP_MISSING, "--expect '%s' was never seen (%u of %u were)",
			    missing, c->watch.expect.seen, c->watch.expect.want.n);
	} else if (cfg->run.fail_on_warning && reports_total(&c->watch.reports)) {
		stop_become(stop, STOP_FAILED, "--fail-on-warning: %s",
			    reports_first(&c->watch.reports));
	} else if (cfg->console.ktap && ktap_problem(&c->watch.ktap, problem, sizeof(problem))) {
		stop_become(stop, STOP_FAILED, "--ktap: %s", problem);
	} else if (c->out.dropped && may_miss(vm)) {
		stop_become(stop, STOP_HOST,
			    "%" PRIu64
			    " bytes of console output were lost, and nobody knows whether "
			    "what must not be seen was in them",
			    c->out.dropped);
	}
}
