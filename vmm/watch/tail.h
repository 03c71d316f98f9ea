/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tail of the console: what the guest printed last, for a run that failed.
 */
#ifndef VMM_WATCH_TAIL_H
#define VMM_WATCH_TAIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TAIL_BYTES = 32 << 10, TAIL_LINES = 60 };

struct tail {
	char byte[TAIL_BYTES];
	uint64_t n; /* bytes ever added */
};

void tail_add(struct tail *t, char byte);

/*
 * Copies what is left of the bytes from number @from on, as they were added, to @dst of TAIL_BYTES;
 * a line whose beginning is lost is left out. Returns how many.
 */
size_t tail_copy(const struct tail *t, uint64_t from, char *dst);

/*
 * Prints up to TAIL_LINES whole lines, each with @prefix, with anything but printable ASCII
 * replaced: a hostile guest must not reach the user's terminal through an error message.
 */
void tail_print(const struct tail *t, FILE *f, const char *prefix);

/* Writes the same lines as they are, but for carriage returns and NULs. */
void tail_write(const struct tail *t, FILE *f);

#endif
