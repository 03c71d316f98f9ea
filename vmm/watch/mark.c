/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds the messages in which a kernel announces its end: see mark.h. */
#include "vmm/watch/mark.h"

#include "loader/banner.h"
#include "vmm/watch/printk.h"

#include <stddef.h>
#include <string.h>

#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char *text;
	size_t n;
	enum mark mark;
} marks[] = {
	{TEXT(BANNER_START), MARK_BANNER},
	{TEXT("Kernel panic - not syncing"), MARK_PANIC},
	{TEXT("---[ end Kernel panic"), MARK_PANIC_END},
	{TEXT("reboot: Power down"), MARK_POWER_DOWN},
	{TEXT("reboot: System halted"), MARK_HALTED},
	{TEXT("reboot: Power off not available: System halted instead"), MARK_HALTED},
	{TEXT(" -- System halted"), MARK_UNPACKING},
};

/* The text after "not syncing", without ": ". */
static void add_reason(struct mark_watch *w, char byte)
{
	if (w->reason_n == 0 && (byte == ':' || byte == ' '))
		return;
	if (w->reason_n >= MARK_REASON_BYTES - 1)
		return;
	bool printable = byte >= 0x20 && byte < 0x7f;
	w->reason[w->reason_n++] = '?';
	if (printable)
		w->reason[w->reason_n - 1] = byte;
	w->reason[w->reason_n] = '\0';
}

/* Keeps the last @n bytes of the line. */
static void keep(struct mark_watch *w, size_t n)
{
	memmove(w->line, w->line + w->n - n, n);
	w->n = (unsigned)n;
}

static void add_byte(struct mark_watch *w, char byte)
{
	if (w->n == MARK_LINE_BYTES - 1) {
		keep(w, PRINTK_STAMP_BYTES);
		w->inside = true;
	}
	w->line[w->n] = '?';
	if (byte) /* a NUL would end the text */
		w->line[w->n] = byte;
	w->n++;
	size_t stamp = byte == ']' ? printk_stamp_before(w->line, w->n) : 0;
	if (stamp) { /* a message begins here */
		keep(w, stamp);
		w->inside = false;
	}
	w->line[w->n] = '\0';
}

/* True when the line so far is this message. */
static bool is_message(const struct mark_watch *w, const char *text, size_t n)
{
	return w->n >= n && memcmp(w->line + w->n - n, text, n) == 0 &&
	       printk_message(w->line) == w->line + w->n - n;
}

static enum mark find(const struct mark_watch *w)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (is_message(w, marks[i].text, marks[i].n))
			return marks[i].mark;
	return MARK_NONE;
}

enum mark mark_watch_add(struct mark_watch *w, char byte)
{
	if (byte == '\n' || byte == '\r') {
		w->n = 0;
		w->state = LINES_TEXT;
		w->inside = w->naming = false;
		return MARK_NONE;
	}
	if (w->naming)
		add_reason(w, byte);
	if (!lines_is_text(&w->state, (unsigned char)byte))
		return MARK_NONE;
	add_byte(w, byte);
	enum mark mark = w->inside ? MARK_NONE : find(w);
	if (mark == MARK_PANIC) {
		w->naming = true;
		w->reason_n = 0;
		w->reason[0] = '\0';
	}
	return mark;
}
