/* SPDX-License-Identifier: BSD-3-Clause */
/* What the user is told when a run has ended: see report_text.h. */
#include "vmm/report/report_text.h"

#include "arch/board.h"
#include "vmm/payload/kernel_config.h"
#include "vmm/report/hint.h"

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

static void print_hint(const struct report_text_facts *t, FILE *f)
{
	const struct result *r = t->result;
	bool printed = t->console->tail.n, failed = r->status > STATUS_GUEST_MAX;
	const struct image *img = &t->vm->loaded.image;
	struct kernel_console console = {NULL, NULL};
	if (!printed && failed)
		console = kernel_config_console(&t->vm->mem, img->start, img->end);
	const struct hint_facts facts = {
		.kind = r->kind,
		.cause = r->cause,
		.cmdline = t->payload->kernel.cmdline,
		.printed = printed,
		.lacks = console.lacks,
		.own_console = console.own,
	};
	char text[HINT_BYTES];

	if (facts.kind != STOP_PANIC ||
	    !initrd_check_hint(&t->payload->initrd_check, (enum panic_cause)facts.cause,
			       t->console->watch.boot.initrd_said, text, sizeof(text)))
		hint_write(&facts, board_native->early_console, text);
	if (*text)
		fprintf(f, "minivmm: %stry %s\n",
			failed ? "" : "warning: the guest printed nothing: ", text);
}

/* A status of the guest's own needs no explanation if the user has seen the console. */
static bool needs_words(const struct report_text_facts *t)
{
	const struct result *r = t->result;

	if (r->status > STATUS_GUEST_MAX)
		return true;
	return r->status && (t->quiet || t->console->watch.boot.init_said[0]);
}

static bool is_unseen(const struct report_text_facts *t)
{
	int status = t->result->status;

	if (status >= STATUS_OWN)
		return false;
	return t->quiet || (status > STATUS_GUEST_MAX && !isatty(STDOUT_FILENO));
}

/* Console output that was lost, and output that was not matched against patterns. */
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

void report_text(const struct report_text_facts *t, FILE *f)
{
	print_losses(t->console, f);
	if (needs_words(t)) {
		fprintf(f, "minivmm: %s\n", t->result->reason);
		if (is_unseen(t))
			print_tail(&t->console->tail, f);
		vm_explain(t->vm, f);
	}
	print_hint(t, f);
}
