/* SPDX-License-Identifier: BSD-3-Clause */
/* What the last lines of the console say about the end: see ending.h. */
#include "vmm/watch/ending.h"

#include "vmm/watch/lines.h"
#include "vmm/watch/printk.h"

#include <string.h>

enum word { WORD_NONE, WORD_END, WORD_RESTART, WORD_KEXEC };

/* The last messages of a kernel that ends in an orderly way. */
static const struct {
	const char *text;
	bool whole; /* the message has nothing else */
	enum word word;
} words[] = {
	{"reboot: Restarting system", false, WORD_RESTART},
	{"reboot: machine restart", false, WORD_RESTART},
	{"Restarting system.", true, WORD_RESTART}, /* before Linux 3.11 */
	{"Restarting system with command '", false, WORD_RESTART},
	{"kexec_core: Starting new kernel", false, WORD_KEXEC},
	{"reboot: Power down", false, WORD_END},
	{"reboot: Power off not available: System halted instead", false, WORD_END},
	{"reboot: System halted", false, WORD_END},
};

/* The end of an oops, which may be longer than ENDING_LINES; the registers follow once more. */
static const char end_trace[] = "---[ end trace ";

static enum word find_word(const char *line)
{
	for (const char *text = printk_message(line); text; text = printk_next(text))
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (printk_begins_with(text, words[i].text) &&
			    (!words[i].whole || strcmp(text, words[i].text) == 0))
				return words[i].word;
	return WORD_NONE;
}

/* The message of an oops or BUG in the line; NULL: there is none, or it is to be ignored. */
static const char *find_trouble(const char *line, const struct patterns *known)
{
	enum kernel_event kind;
	const char *text = kernel_events_find(line, &kind);

	if (!text || (kind != KERNEL_EVENT_OOPS && kind != KERNEL_EVENT_BUG))
		return NULL;
	return patterns_find(known, line) ? NULL : text;
}

/* @age: how many lines ago the last oops or BUG was. */
static void read_line(struct ending *ending, const char *line, const struct patterns *known,
		      unsigned *age)
{
	const char *trouble = find_trouble(line, known);
	enum word word = find_word(line);

	if (!*printk_message(line))
		return;
	ending->restarting = word == WORD_RESTART;
	ending->starting = word == WORD_KEXEC;
	if (trouble) {
		printable_copy(ending->trouble, sizeof(ending->trouble), trouble);
		*age = 0;
	} else if (word != WORD_NONE || ++*age > ENDING_LINES) {
		ending->trouble[0] = '\0';
	} else if (printk_begins_with(printk_message(line), end_trace)) {
		*age = 0;
	}
}

/*
 * If a line has a carriage return, the text after it is also read as a line, as a terminal shows
 * it.
 */
static void read_piece(struct ending *ending, const struct lines *lines, const char *line,
		       const struct patterns *known, unsigned *age)
{
	read_line(ending, line, known, age);
	if (lines->after_cr)
		read_line(ending, line + lines->after_cr, known, age);
}

void ending_read(const struct tail *t, uint64_t from, const struct patterns *known,
		 struct ending *ending)
{
	char text[LINES_MAX_BYTES + 1], bytes[TAIL_BYTES];
	size_t n = tail_copy(t, from, bytes);
	struct lines lines;
	unsigned age = 0;

	*ending = (struct ending){0};
	lines_init(&lines, text);
	for (const char *p = bytes; n;) {
		const char *line;
		size_t taken = lines_next(&lines, p, n, &line);
		p += taken;
		n -= taken;
		if (line)
			read_piece(ending, &lines, line, known, &age);
	}
	const char *partial = lines_partial(&lines);
	if (partial)
		read_piece(ending, &lines, partial, known, &age);
}
