/* SPDX-License-Identifier: BSD-3-Clause */
/* What the last lines of the console say of the end: see ending.h. */
#include "vmm/watch/ending.h"

#include "vmm/watch/lines.h"
#include "vmm/watch/printk.h"

#include <string.h>

/* How the kernel's last words begin, when it ends in an orderly way. */
static const struct {
	const char *text;
	bool restarts;
} words[] = {
	{"reboot: Restarting system", true},
	{"reboot: machine restart", true},
	{"Restarting system", true}, /* before Linux 3.11 */
	{"kexec_core: Starting new kernel", false},
	{"reboot: Power down", false},
	{"reboot: Power off not available: System halted instead", false},
	{"reboot: System halted", false},
};

/* Ends an oops, which may be longer than ENDING_LINES; registers follow it once more. */
static const char end_trace[] = "---[ end trace ";

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_orderly(const char *message, bool *restarts)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!starts_with(message, words[i].text))
			continue;
		*restarts = words[i].restarts;
		return true;
	}
	*restarts = false;
	return false;
}

static bool is_trouble(const char *line)
{
	enum report_kind kind;

	return reports_find(line, &kind) && (kind == REPORT_OOPS || kind == REPORT_BUG);
}

/* @age: how many lines ago there was trouble. */
static void read_line(struct ending *ending, const char *line, unsigned *age)
{
	const char *message = printk_message(line);

	if (!*message)
		return;
	bool orderly = is_orderly(message, &ending->restarting);
	if (is_trouble(line)) {
		printable_copy(ending->trouble, sizeof(ending->trouble), message);
		*age = 0;
	} else if (orderly || ++*age > ENDING_LINES) {
		ending->trouble[0] = '\0';
	} else if (starts_with(message, end_trace)) {
		*age = 0;
	}
}

void ending_read(const struct tail *t, uint64_t from, struct ending *ending)
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
			read_line(ending, line, &age);
	}
	const char *partial = lines_partial(&lines);
	if (partial)
		read_line(ending, partial, &age);
}
