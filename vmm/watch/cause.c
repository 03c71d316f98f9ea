/* SPDX-License-Identifier: BSD-3-Clause */
/* Causes as data: see cause.h. */
#include "vmm/watch/cause.h"

#include <stddef.h>
#include <string.h>

/* The first row whose words are in the text decides; the last row matches any text. */
struct row {
	const char *words;
	int cause;
};

static int find(const struct row *row, const char *text)
{
	while (!strstr(text, row->words))
		row++;
	return row->cause;
}

enum panic_cause panic_cause(const char *reason)
{
	static const struct row rows[] = {
		{"Unable to mount root fs", PANIC_NO_ROOT},
		{"No working init found", PANIC_NO_INIT},
		{"Requested init", PANIC_BAD_INIT},
		{"deadlocked on memory", PANIC_NO_MEMORY},
		{"", PANIC_OTHER},
	};

	return (enum panic_cause)find(rows, reason);
}

enum unpack_cause unpack_cause(const char *said)
{
	static const struct row rows[] = {
		{"write error", UNPACK_NO_ROOM},
		{"emory", UNPACK_NO_MEMORY}, /* "Memory" or "memory" */
		{"not configured", UNPACK_NOT_CONFIGURED},
		{"", UNPACK_OTHER},
	};

	return (enum unpack_cause)find(rows, said);
}
