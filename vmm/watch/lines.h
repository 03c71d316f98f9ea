/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console's bytes as lines for matching: escape sequences and carriage returns are left out.
 * What the user sees and what is logged is not touched by this.
 * Source: ECMA-48 5.4 (control sequences), 5.6 (control strings).
 */
#ifndef VMM_WATCH_LINES_H
#define VMM_WATCH_LINES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A longer line is matched in pieces of this size. It bounds the memory, and the time: regexec()
 * may take the square of a line's length, and a hostile guest writes the line.
 */
enum { LINES_MAX_BYTES = 8 << 10 };

enum lines_state { LINES_TEXT, LINES_ESCAPE, LINES_CONTROL, LINES_STRING, LINES_STRING_END };

/* Follows escape sequences, byte by byte from LINES_TEXT on. True: this one is text. */
bool lines_is_text(enum lines_state *state, unsigned char byte);

struct lines {
	char *text; /* borrowed: LINES_MAX_BYTES + 1 bytes; only what lines need is touched */
	size_t n;
	size_t after_cr; /* where in the line that was returned the text after its last carriage
			  * return begins: on a terminal it stands at the line's beginning */
	bool cr;         /* the last byte was a carriage return */
	enum lines_state state;
	bool complete; /* the last lines_next() returned a line: the next byte begins another */
	bool cut;      /* that line was but a piece: what follows is more of it */
	bool inside;   /* the text at hand is a long line's further piece, and begins no line */
};

/* @text is the caller's, LINES_MAX_BYTES + 1 bytes. */
void lines_init(struct lines *l, char *text);

/*
 * Takes bytes up to the end of a line. Returns how many of @n were taken; *@line is that line
 * without its newline, NUL-terminated and valid until the next call, or NULL when it is not
 * complete yet. The number may be 0 with a line: one that fills its piece. A NUL byte becomes '?'.
 */
size_t lines_next(struct lines *l, const char *data, size_t n, const char **line);

/* The line that is not complete, valid until the next call; NULL when nothing of one is there. */
const char *lines_partial(struct lines *l);

#endif
