/* SPDX-License-Identifier: BSD-3-Clause */
/* How a run came out: see outcome.h. */
#include "vmm/run/outcome.h"

#include "vmm/machine/vm.h"

#include <stdio.h>

void outcome_count(struct outcome *o, const struct vm *vm)
{
	o->boots++;
	for (unsigned i = 0; i < vm->cpus; i++)
		for (unsigned reason = 0; reason < EXIT_REASONS; reason++)
			o->exits[reason] += vm->vcpu[i].exit_count[reason];
}

/* More about why than the VM itself knows: what the console said of it. */
static const char *detail(const struct vm *vm)
{
	const struct console *c = &vm->host->console;

	if (vm->stop.kind == STOP_PANIC)
		return c->marks.reason;
	if (vm->stop.kind == STOP_EXIT && vm->stop.value && vm->host->cfg->payload.init)
		return c->watch.boot.init_said;
	return "";
}

static void describe(const struct stop *stop, char *text, size_t size)
{
	switch (stop->kind) {
	case STOP_POWER_OFF:
		snprintf(text, size, "the guest powered off");
		break;
	case STOP_RESET:
		snprintf(text, size, "the guest rebooted");
		break;
	case STOP_EXIT:
		snprintf(text, size, "the guest ended with status %d", stop_status(stop));
		break;
	case STOP_EXPECTED:
		snprintf(text, size, "every --expect was seen");
		break;
	case STOP_USER:
		snprintf(text, size, "ended by Ctrl-a x");
		break;
	default:
		snprintf(text, size, "%s", stop->text);
		break;
	}
}

void outcome_set(struct outcome *o, const struct vm *vm)
{
	char why[STOP_TEXT_BYTES];
	const char *more = detail(vm);

	o->kind = vm->stop.kind;
	o->status = stop_status(&vm->stop);
	describe(&vm->stop, why, sizeof(why));
	snprintf(o->reason, sizeof(o->reason), "%s%s%s", why, *more ? ": " : "", more);
}

void outcome_fail(struct outcome *o, const struct err *e)
{
	o->kind = STOP_HOST;
	o->status = STATUS_OWN;
	snprintf(o->reason, sizeof(o->reason), "%s", e->text);
}
