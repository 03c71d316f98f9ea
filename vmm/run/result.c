/* SPDX-License-Identifier: BSD-3-Clause */
/* The result of a run: see result.h. */
#include "vmm/run/result.h"

#include <stdio.h>

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

void result_set(struct result *r, const struct stop *stop, const char *detail)
{
	char why[STOP_TEXT_BYTES];

	r->kind = stop->kind;
	r->cause = stop->kind == STOP_PANIC || stop->kind == STOP_CRASH ? stop->value : 0;
	r->status = stop_status(stop);
	describe(stop, why, sizeof(why));
	snprintf(r->reason, sizeof(r->reason), "%s%s%s", why, *detail ? ": " : "", detail);
}

void result_fail(struct result *r, const struct err *e)
{
	r->kind = STOP_HOST;
	r->status = STATUS_OWN;
	snprintf(r->reason, sizeof(r->reason), "%s", e->text);
}
