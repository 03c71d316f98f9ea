/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tail of the console: the guest's last output, which is shown when a run has failed.
 */
#ifndef VMM_WATCH_TAIL_H
#define VMM_WATCH_TAIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TAIL_BYTES = 32 << 10, TAIL_LINES = 60 };

struct tail {
	char byte[TAIL_BYTES];
	uint64_t n; /* bytes added so far, overwritten ones included */
};

void tail_add(struct tail *t, char byte);

/*
 * Copies the bytes from number @from on, as far as they are left, to @dst of TAIL_BYTES. A line
 * whose beginning is lost is left out. Returns how many bytes were copied.
 */
size_t tail_copy(const struct tail *t, uint64_t from, char *dst);

/*
 * Prints up to TAIL_LINES whole lines, each with @prefix. Anything but printable ASCII is replaced:
 * a hostile guest must not send escape sequences to the user's terminal through an error message.
 */
void tail_print(const struct tail *t, FILE *f, const char *prefix);

/* Writes the same lines unchanged, except that carriage returns and NULs are left out. */
void tail_write(const struct tail *t, FILE *f);

#endif
