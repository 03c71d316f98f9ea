/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds a guest that has halted for ever: see halt.h. */
#include "vmm/run/halt.h"

#include <inttypes.h>
#include <stdio.h>

enum { ENOUGH = 2 }; /* consecutive answers that must agree */

struct count {
	unsigned halted, unstarted;
	const struct vcpu *first; /* the first halted one */
};

/* False: an answer is missing, or a vCPU may run on. */
static bool all_at_rest(const struct vm *vm, struct count *c)
{
	for (unsigned i = 0; i < vm->cpus; i++) {
		const struct vcpu *v = &vm->vcpu[i];
		if (__atomic_load_n(&v->asked, __ATOMIC_ACQUIRE) || v->rest == REST_NONE)
			return false;
		if (v->rest == REST_UNSTARTED) {
			c->unstarted++;
			continue;
		}
		c->halted++;
		c->first = c->first ? c->first : v;
	}
	return c->first;
}

static void end(struct vm *vm, const struct count *c)
{
	const struct vcpu *v = c->first;
	char more[40] = "", unstarted[40] = "";

	if (c->halted > 1)
		snprintf(more, sizeof(more), "; %u more likewise", c->halted - 1);
	if (c->unstarted)
		snprintf(unstarted, sizeof(unstarted), "; %u never started", c->unstarted);
	stop_set(vm->stop, STOP_CRASH, 0, (int)v->id,
		 "vCPU %u: halted with interrupts off at 0x%" PRIx64
		 ", and nothing can wake it%s%s",
		 v->id, v->rest_pc, more, unstarted);
}

void halt_watch_beat(struct halt_watch *w, struct vm *vm, bool still)
{
	struct count c = {0};

	if (!arch_knows_rest || !still) {
		w->asked = 0;
		return;
	}
	if (w->asked && !all_at_rest(vm, &c))
		w->asked = 0;
	if (w->asked == ENOUGH) {
		end(vm, &c);
		return;
	}
	w->asked++;
	vm_ask(vm);
}
