/* SPDX-License-Identifier: BSD-3-Clause */
/* What to try when a run failed: see hint.h. */
#include "vmm/report/hint.h"

#include "vmm/watch/cause.h"
#include "vmm/watch/printk.h"

#include <stdio.h>
#include <string.h>

enum when { ALWAYS, SILENT };

/* What "%s" in a text stands for. */
enum about { NOTHING, EARLY, LACKS, NAMED, UNNAMED };

static const char log_it[] = "--log FILE: it keeps all that the guest printed before";
static const char how_far[] = "%s in --cmdline: it shows how far the kernel comes";

static const char unnamed[] =
	"console=ttyS0 in --cmdline: it names no console, and the kernel's is %s";

#define ANY_CAUSE UINT64_MAX

/* The first row that matches decides. A row whose "%s" is not known does not match. */
static const struct {
	enum stop_kind kind; /* STOP_NONE: any end before which the guest should have printed */
	enum when when;
	uint64_t cause; /* ANY_CAUSE: whatever it is */
	enum about about;
	const char *text;
} rows[] = {
	{STOP_PANIC, ALWAYS, PANIC_NO_ROOT, NOTHING,
	 "a root file system: --initrd FILE, or --init FILE for a single program"},
	{STOP_PANIC, ALWAYS, PANIC_NO_INIT, NOTHING,
	 "an initrd with /init in it, or --init FILE for a single program"},
	{STOP_PANIC, ALWAYS, PANIC_BAD_INIT, NOTHING,
	 "the init that --cmdline names must be in the initrd, and be executable"},
	{STOP_CRASH, ALWAYS, CRASH_NOT_EMULATED, NOTHING,
	 "minivmm --check: a KVM without hardware behind it runs no stock kernel"},
	{STOP_NONE, SILENT, ANY_CAUSE, LACKS,
	 "a kernel with %s: without it nothing is seen on ttyS0"},
	{STOP_NONE, SILENT, ANY_CAUSE, NAMED,
	 "console=ttyS0 in --cmdline: minivmm's console is ttyS0, and the kernel's is %s"},
	{STOP_SILENT, ALWAYS, ANY_CAUSE, UNNAMED, unnamed},
	{STOP_PANIC, SILENT, ANY_CAUSE, UNNAMED, unnamed},
	{STOP_MISSING, SILENT, ANY_CAUSE, UNNAMED, unnamed},
	{STOP_TIMEOUT, SILENT, ANY_CAUSE, UNNAMED, unnamed},
	{STOP_SILENT, ALWAYS, ANY_CAUSE, EARLY, how_far},
	{STOP_TIMEOUT, SILENT, ANY_CAUSE, EARLY, how_far},
	{STOP_CRASH, SILENT, ANY_CAUSE, EARLY, how_far},
	{STOP_TIMEOUT, ALWAYS, ANY_CAUSE, NOTHING,
	 "a longer limit, or --log FILE --timestamps to see where the time goes"},
	{STOP_MISSING, ALWAYS, ANY_CAUSE, NOTHING,
	 "--log FILE, and grep -E with the pattern on it: it must match within a line"},
	{STOP_FAILED, ALWAYS, ANY_CAUSE, NOTHING, log_it},
	{STOP_PANIC, ALWAYS, ANY_CAUSE, NOTHING, log_it},
	{STOP_CRASH, ALWAYS, ANY_CAUSE, NOTHING, log_it},
};

/*
 * A guest that came to one of these ends would have printed, and minivmm's user did not choose it.
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

/* For Linux, "console=" with nothing or with "null" means no console. */
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
	return rows[row].cause == ANY_CAUSE || rows[row].cause == f->cause;
}

/* What replaces "%s" in a row's text; NULL: this run has nothing of the kind. */
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
		printable_copy(text, HINT_BYTES, whole); /* the command line may come from a file */
		return;
	}
}
