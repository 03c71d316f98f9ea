/* SPDX-License-Identifier: BSD-3-Clause */
/* What a user is told when a run has ended: see explain.h. */
#include "vmm/explain.h"

#include "arch/board.h"
#include "vmm/hint.h"
#include "vmm/kernel_config.h"

#include <inttypes.h>
#include <unistd.h>

static void print_tail(const struct tail *tail, FILE *f)
{
	if (!tail->n) {
		fprintf(f, "minivmm: the guest printed nothing\n");
		return;
	}
	fprintf(f, "minivmm: the end of the guest's console:\n");
	tail_print(tail, f, "  | ");
}

static void print_hint(const struct vm *vm, FILE *f)
{
	const struct host *host = vm->host;
	bool printed = host->console.tail.n, failed = host->outcome.status > STATUS_GUEST_MAX;
	struct kernel_console console = {NULL, NULL};
	if (!printed && failed)
		console = kernel_config_console(&vm->mem, vm->image.start, vm->image.end);
	const struct hint_facts facts = {
		.kind = host->outcome.kind,
		.reason = host->outcome.reason,
		.cmdline = host->kernel.cmdline,
		.printed = printed,
		.lacks = console.lacks,
		.own_console = console.own,
	};
	char text[HINT_BYTES];

	if (facts.kind != STOP_PANIC ||
	    !initrd_check_hint(&host->initrd_check, facts.reason,
			       host->console.watch.boot.initrd_said, text, sizeof(text)))
		hint_write(&facts, board_native->early_console, text);
	if (*text)
		fprintf(f, "minivmm: %stry %s\n",
			failed ? "" : "warning: the guest printed nothing: ", text);
}

/* The guest's own status is no surprise to a user who sees its console. */
static bool needs_words(const struct host *host)
{
	const struct outcome *o = &host->outcome;

	if (o->status > STATUS_GUEST_MAX)
		return true;
	return o->status && (host->cfg->quiet || host->console.watch.boot.init_said[0]);
}

static bool is_unseen(const struct host *host)
{
	if (host->outcome.status >= STATUS_OWN)
		return false;
	return host->cfg->quiet ||
	       (host->outcome.status > STATUS_GUEST_MAX && !isatty(STDOUT_FILENO));
}

/* What of the console nobody got, and what of it no pattern was looked for in. */
static void print_losses(const struct console *c, FILE *f)
{
	uint64_t unwritten = console_unwritten(c), unmatched = console_unmatched(c);

	if (c->out.dropped)
		fprintf(f,
			"minivmm: warning: %" PRIu64
			" bytes of console output were lost: stdout is too slow\n",
			c->out.dropped);
	if (unwritten)
		fprintf(f,
			"minivmm: warning: the last %" PRIu64
			" bytes of console output were lost: they could not be written before the "
			"end\n",
			unwritten);
	if (unmatched)
		fprintf(f,
			"minivmm: warning: in the last %" PRIu64
			" bytes of console output --expect and --fail-on were not looked for\n",
			unmatched);
}

void explain(struct vm *vm, FILE *f)
{
	const struct host *host = vm->host;

	print_losses(&host->console, f);
	if (needs_words(host)) {
		fprintf(f, "minivmm: %s\n", host->outcome.reason);
		if (is_unseen(host))
			print_tail(&host->console.tail, f);
		vm_explain(vm, f);
	}
	print_hint(vm, f);
}
