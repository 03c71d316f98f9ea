/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds a kernel panic in the console's bytes: see panic.h. */
#include "vmm/watch/panic.h"

#include "vmm/watch/printk.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *text;
	enum panic_found found;
} marks[] = {
	{"Kernel panic - not syncing", PANIC_BEGIN},
	{"---[ end Kernel panic", PANIC_END},
};

/* What follows "not syncing", but for ": ". */
static void add_reason(struct panic_watch *w, char byte)
{
	if (w->reason_n == 0 && (byte == ':' || byte == ' '))
		return;
	if (w->reason_n >= PANIC_REASON_BYTES - 1)
		return;
	bool printable = byte >= 0x20 && byte < 0x7f;
	w->reason[w->reason_n++] = '?';
	if (printable)
		w->reason[w->reason_n - 1] = byte;
	w->reason[w->reason_n] = '\0';
}

static enum panic_found found(struct panic_watch *w, enum panic_found what)
{
	if (what == PANIC_BEGIN) {
		w->naming = true;
		w->reason_n = 0;
		w->reason[0] = '\0';
	}
	return what;
}

enum panic_found panic_watch_add(struct panic_watch *w, char byte)
{
	if (byte == '\n' || byte == '\r') {
		w->n = 0;
		w->naming = false;
		return PANIC_NONE;
	}
	if (w->naming)
		add_reason(w, byte);
	if (w->n >= PANIC_LINE_BYTES - 1)
		return PANIC_NONE;
	w->line[w->n++] = byte;
	w->line[w->n] = '\0';
	if (byte != 'g' && byte != 'c') /* neither mark ends here */
		return PANIC_NONE;
	const char *text = printk_message(w->line);
	size_t len = strlen(text);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (len == strlen(marks[i].text) && memcmp(text, marks[i].text, len) == 0)
			return found(w, marks[i].found);
	return PANIC_NONE;
}
