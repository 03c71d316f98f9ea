/* SPDX-License-Identifier: BSD-3-Clause */
/* What to try when a run failed: see hint.h. */
#include "vmm/run/hint.h"

#include "vmm/watch/printk.h"

#include <stdio.h>
#include <string.h>

enum when { ALWAYS, SILENT };

/* What a text has "%s" for. */
enum about { NOTHING, EARLY, LACKS, NAMED, UNNAMED };

static const char log_it[] = "--log FILE: it keeps all that the guest printed before";
static const char how_far[] = "%s in --cmdline: it shows how far the kernel comes";

static const char unnamed[] =
	"console=ttyS0 in --cmdline: it names no console, and the kernel's is %s";

/* The first row that fits decides; one about what is not known does not fit. */
static const struct {
	enum stop_kind kind; /* STOP_NONE: any end by which the guest would have printed */
	enum when when;
	const char *reason; /* part of the reason; NULL: any */
	enum about about;
	const char *text;
} rows[] = {
	{STOP_PANIC, ALWAYS, "Unable to mount root fs", NOTHING,
	 "a root file system: --initrd FILE, or --init FILE for a single program"},
	{STOP_PANIC, ALWAYS, "No working init found", NOTHING,
	 "an initrd with /init in it, or --init FILE for a single program"},
	{STOP_PANIC, ALWAYS, "Requested init", NOTHING,
	 "the init that --cmdline names must be in the initrd, and be executable"},
	{STOP_CRASH, ALWAYS, "does not emulate", NOTHING,
	 "minivmm --check: a KVM without hardware behind it runs no stock kernel"},
	{STOP_NONE, SILENT, NULL, LACKS, "a kernel with %s: without it nothing is seen on ttyS0"},
	{STOP_NONE, SILENT, NULL, NAMED,
	 "console=ttyS0 in --cmdline: minivmm's console is ttyS0, and the kernel's is %s"},
	{STOP_SILENT, ALWAYS, NULL, UNNAMED, unnamed},
	{STOP_PANIC, SILENT, NULL, UNNAMED, unnamed},
	{STOP_MISSING, SILENT, NULL, UNNAMED, unnamed},
	{STOP_TIMEOUT, SILENT, NULL, UNNAMED, unnamed},
	{STOP_SILENT, ALWAYS, NULL, EARLY, how_far},
	{STOP_TIMEOUT, SILENT, NULL, EARLY, how_far},
	{STOP_CRASH, SILENT, NULL, EARLY, how_far},
	{STOP_TIMEOUT, ALWAYS, NULL, NOTHING,
	 "a longer limit, or --log FILE --timestamps to see where the time goes"},
	{STOP_MISSING, ALWAYS, NULL, NOTHING,
	 "--log FILE, and grep -E with the pattern on it: it must match within a line"},
	{STOP_FAILED, ALWAYS, NULL, NOTHING, log_it},
	{STOP_PANIC, ALWAYS, NULL, NOTHING, log_it},
	{STOP_CRASH, ALWAYS, NULL, NOTHING, log_it},
};

/* A guest that came to one of these ends would have printed, and minivmm's user did not choose it.
 */
static bool would_print(enum stop_kind kind)
{
	switch (kind) {
	case STOP_POWER_OFF:
	case STOP_RESET:
	case STOP_HALT:
	case STOP_PANIC:
	case STOP_CRASH:
	case STOP_SILENT:
	case STOP_MISSING:
	case STOP_TIMEOUT:
		return true;
	default:
		return false;
	}
}

struct consoles {
	bool named;    /* at all */
	char list[80]; /* those that are named, none of which is minivmm's; "" if one is */
};

/* Linux takes "console=" with nothing, or "null", as none. */
static bool is_fine(const char *name, size_t length)
{
	return !length || strncmp(name, "ttyS0", 5) == 0 || strncmp(name, "uart", 4) == 0 ||
	       strncmp(name, "null", 4) == 0;
}

static void list_consoles(const char *cmdline, struct consoles *c)
{
	static const char key[] = "console=";
	size_t n = 0;

	for (const char *word = strstr(cmdline, key); word; word = strstr(word + 1, key)) {
		const char *name = word + strlen(key);
		int length = (int)strcspn(name, " ,");
		if (word != cmdline && word[-1] != ' ') /* netconsole=, say */
			continue;
		c->named = true;
		if (is_fine(name, (size_t)length)) {
			c->list[0] = '\0';
			return;
		}
		if (n < sizeof(c->list))
			n += (size_t)snprintf(c->list + n, sizeof(c->list) - n, "%s%.*s",
					      n ? ", " : "", length, name);
	}
}

static bool fits(size_t row, const struct hint_facts *f)
{
	if (rows[row].kind ? rows[row].kind != f->kind : !would_print(f->kind))
		return false;
	if (rows[row].when == SILENT && f->printed)
		return false;
	return !rows[row].reason || strstr(f->reason, rows[row].reason);
}

/* What a row's text is about; NULL: there is no such thing in this run. */
static const char *subject(enum about about, const struct hint_facts *f,
			   const struct consoles *consoles, const char *early)
{
	switch (about) {
	case NOTHING:
		break;
	case EARLY:
		return early;
	case LACKS:
		return f->lacks;
	case NAMED:
		return consoles->list[0] ? consoles->list : NULL;
	case UNNAMED:
		if (consoles->named)
			return NULL;
		return f->own_console ? f->own_console : "elsewhere";
	}
	return "";
}

void hint_write(const struct hint_facts *f, const char *early, char text[HINT_BYTES])
{
	struct consoles consoles = {0};
	char whole[HINT_BYTES];

	list_consoles(f->cmdline, &consoles);
	text[0] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *what = subject(rows[i].about, f, &consoles, early);
		const char *place = strstr(rows[i].text, "%s");
		if (!what || !fits(i, f))
			continue;
		if (place)
			snprintf(whole, HINT_BYTES, "%.*s%s%s", (int)(place - rows[i].text),
				 rows[i].text, what, place + 2);
		else
			snprintf(whole, HINT_BYTES, "%s", rows[i].text);
		printable_copy(text, HINT_BYTES, whole); /* the command line may be a file's */
		return;
	}
}
