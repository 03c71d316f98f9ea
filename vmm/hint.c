/* SPDX-License-Identifier: BSD-3-Clause */
/* What to try when a run failed: see hint.h. */
#include "vmm/hint.h"

#include <stdio.h>
#include <string.h>

enum when { ALWAYS, SILENT, NO_CONSOLE };

static const char log_it[] = "--log FILE: it keeps all that the guest printed before";
static const char how_far[] = "it shows how far the kernel comes";
static const char elsewhere[] = "console=ttyS0 in --cmdline: the kernel's console is elsewhere";

/* The first row that fits decides. */
static const struct {
	enum stop_kind kind;
	enum when when;
	const char *reason; /* part of the reason; NULL: any */
	bool early;         /* the text is what an early console is good for */
	const char *text;
} rows[] = {
	{STOP_PANIC, ALWAYS, "Unable to mount root fs", false,
	 "a root file system: --initrd FILE, or --init FILE for a single program"},
	{STOP_PANIC, ALWAYS, "No working init found", false,
	 "an initrd with /init in it, or --init FILE for a single program"},
	{STOP_PANIC, ALWAYS, "Requested init", false,
	 "the init that --cmdline names must be in the initrd, and be executable"},
	{STOP_CRASH, ALWAYS, "does not emulate", false,
	 "minivmm --check: a KVM without hardware behind it runs no stock kernel"},
	{STOP_PANIC, NO_CONSOLE, NULL, false, elsewhere},
	{STOP_MISSING, NO_CONSOLE, NULL, false, elsewhere},
	{STOP_TIMEOUT, NO_CONSOLE, NULL, false, elsewhere},
	{STOP_TIMEOUT, SILENT, NULL, true, how_far},
	{STOP_CRASH, SILENT, NULL, true, how_far},
	{STOP_TIMEOUT, ALWAYS, NULL, false,
	 "a longer limit, or --log FILE --timestamps to see where the time goes"},
	{STOP_MISSING, ALWAYS, NULL, false,
	 "--log FILE, and grep -E with the pattern on it: it must match within a line"},
	{STOP_FAILED, ALWAYS, NULL, false, log_it},
	{STOP_PANIC, ALWAYS, NULL, false, log_it},
	{STOP_CRASH, ALWAYS, NULL, false, log_it},
};

static bool fits(enum when when, const struct hint_facts *f)
{
	switch (when) {
	case SILENT:
		return !f->printed;
	case NO_CONSOLE:
		return !f->printed && !strstr(f->cmdline, "console=ttyS0");
	case ALWAYS:
		break;
	}
	return true;
}

void hint_write(const struct hint_facts *f, const char *early, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].kind != f->kind || !fits(rows[i].when, f) ||
		    (rows[i].reason && !strstr(f->reason, rows[i].reason)))
			continue;
		if (rows[i].early)
			snprintf(text, size, "%s in --cmdline: %s", early, rows[i].text);
		else
			snprintf(text, size, "%s", rows[i].text);
		return;
	}
}
