/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's bytes as lines: see lines.h. */
#include "vmm/watch/lines.h"

#define ESC 0x1b
#define BEL 0x07

void lines_init(struct lines *l, char *text)
{
	*l = (struct lines){.text = text};
}

bool lines_is_text(enum lines_state *state, unsigned char c)
{
	if (c == ESC) { /* begins another sequence wherever it is */
		*state = *state == LINES_STRING ? LINES_STRING_END : LINES_ESCAPE;
		return false;
	}
	switch (*state) {
	case LINES_TEXT:
		return c != '\r';
	case LINES_STRING_END: /* by "ESC \", or broken off by another sequence */
	case LINES_ESCAPE:
		if (c == '[')
			*state = LINES_CONTROL;
		else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')
			*state = LINES_STRING;
		else if (c < 0x20 || c > 0x2f) /* not an intermediate byte: the last one */
			*state = LINES_TEXT;
		return false;
	case LINES_CONTROL:
		if (c >= 0x40 && c <= 0x7e)
			*state = LINES_TEXT;
		return false;
	case LINES_STRING:
		if (c == BEL)
			*state = LINES_TEXT;
		return false;
	}
	return true;
}

size_t lines_next(struct lines *l, const char *data, size_t n, const char **line)
{
	if (l->complete) {
		l->n = l->after_cr = 0;
		l->cr = false;
		l->inside = l->cut;
	}
	l->complete = false;
	*line = NULL;
	for (size_t i = 0; i < n; i++) {
		char c = data[i];
		bool ends = c == '\n';
		if (ends) /* a broken sequence, too: none may swallow the console */
			l->state = LINES_TEXT;
		else if (!lines_is_text(&l->state, (unsigned char)c)) {
			l->cr |= c == '\r';
			continue;
		}
		if (ends || l->n == LINES_MAX_BYTES) {
			l->text[l->n] = '\0';
			l->complete = true;
			l->cut = !ends;
			*line = l->text;
			return ends ? i + 1 : i; /* not taken: it begins the next piece */
		}
		if (c == '\0') /* would end the text */
			c = '?';
		if (l->cr)
			l->after_cr = l->n;
		l->cr = false;
		l->text[l->n++] = c;
	}
	return n;
}

const char *lines_partial(struct lines *l)
{
	if (l->complete || !l->n)
		return NULL;
	l->text[l->n] = '\0';
	return l->text;
}
