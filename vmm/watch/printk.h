/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel puts in front of its messages. (Linux kernel/printk/printk.c) */
#ifndef VMM_WATCH_PRINTK_H
#define VMM_WATCH_PRINTK_H

#include <stdbool.h>
#include <stddef.h>

/* The longest full time stamp: "[", the seconds of 64 bits of nanoseconds, ".012345]". */
enum { PRINTK_STAMP_BYTES = 20 };

/*
 * The message in a console line: past "<0>" and "[   12.345678] " or "[   12.345678][    T1] ". A
 * program may have left its own line unfinished (a prompt): then the message is what follows the
 * first full time stamp in the line.
 */
const char *printk_message(const char *line);

/* What follows the next full time stamp in @message: another message on the same line, or NULL. */
const char *printk_next(const char *message);

/*
 * How long the full time stamp ("[   12.345678]") is that ends with the last of the @n bytes of
 * @text, at most PRINTK_STAMP_BYTES; 0: none does.
 */
size_t printk_stamp_before(const char *text, size_t n);

/* True when @text begins so. */
bool printk_begins_with(const char *text, const char *prefix);

/*
 * Copies a line, cut to @size with its NUL, with '?' for all that is not printable ASCII: a hostile
 * guest must not reach the user's terminal through a message of ours.
 */
void printable_copy(char *dst, size_t size, const char *line);

#endif
