/* SPDX-License-Identifier: BSD-3-Clause */
/* The last exits of one vCPU: see exitlog.h. */
#include "vmm/exitlog.h"

#include "arch/kvm.h"

#include <inttypes.h>

void exitlog_add(struct exitlog *log, const struct exitlog_entry *exit)
{
	if (log->n) {
		struct exitlog_entry *last = &log->entry[(log->n - 1) % EXITLOG_ENTRIES];
		if (last->reason == exit->reason && last->addr == exit->addr &&
		    last->size == exit->size && last->write == exit->write) {
			last->data = exit->data;
			last->repeated++;
			return;
		}
	}
	log->entry[log->n++ % EXITLOG_ENTRIES] = *exit;
}

static void print_entry(const struct exitlog_entry *x, FILE *f, const char *prefix)
{
	const char *name = kvm_exit_name(x->reason);

	fprintf(f, "%s%-*s", prefix, x->size ? 14 : 0, name ? name : "?");
	if (x->size)
		fprintf(f, " %s 0x%" PRIx64 " %u byte%s 0x%" PRIx64, x->write ? "write" : "read ",
			x->addr, x->size, x->size == 1 ? ", " : "s,", x->data);
	if (x->repeated)
		fprintf(f, " (the last of %" PRIu64 ")", x->repeated + 1);
	fputc('\n', f);
}

void exitlog_print(const struct exitlog *log, FILE *f, const char *prefix)
{
	uint64_t first = log->n > EXITLOG_ENTRIES ? log->n - EXITLOG_ENTRIES : 0;

	for (uint64_t i = first; i < log->n; i++)
		print_entry(&log->entry[i % EXITLOG_ENTRIES], f, prefix);
}
