/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Splits the console's bytes into lines for matching, without escape sequences and carriage
 * returns. The output that the user sees and the log are not affected. Source: ECMA-48 5.4 (control
 * sequences), 5.6 (control strings).
 */
#ifndef VMM_WATCH_LINES_H
#define VMM_WATCH_LINES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A longer line is matched in pieces of this size. This bounds the memory and the time of a match,
 * since a hostile guest chooses the line.
 */
enum { LINES_MAX_BYTES = 8 << 10 };

enum lines_state { LINES_TEXT, LINES_ESCAPE, LINES_CONTROL, LINES_STRING, LINES_STRING_END };

/* Follows escape sequences, byte by byte; begins with LINES_TEXT. True: this byte is text. */
bool lines_is_text(enum lines_state *state, unsigned char byte);

struct lines {
	char *text; /* borrowed: LINES_MAX_BYTES + 1 bytes; used only as far as lines are long */
	size_t n;
	/*
	 * Where the text after the last carriage return in the returned line begins; a terminal
	 * shows that at the beginning of the line.
	 */
	size_t after_cr;
	bool cr; /* the last byte was a carriage return */
	enum lines_state state;
	bool complete; /* the last lines_next() returned a line: the next byte begins another */
	bool cut;      /* that line was only a piece: the next one continues it */
	bool inside;   /* the current text continues a long line, and does not begin one */
};

/* @text has LINES_MAX_BYTES + 1 bytes, and is borrowed. */
void lines_init(struct lines *l, char *text);

/*
 * Takes bytes up to the end of a line. Returns how many of @n were taken, which may be 0 when a
 * line is returned because it fills a piece. *@line is the line without its newline, NUL-terminated
 * and valid until the next call, or NULL when it is not complete yet. A NUL byte becomes '?'.
 */
size_t lines_next(struct lines *l, const char *data, size_t n, const char **line);

/* The incomplete line, valid until the next call; NULL when it is empty. */
const char *lines_partial(struct lines *l);

#endif
