/* SPDX-License-Identifier: BSD-3-Clause */
/* The prefixes of the kernel's messages. Source: Linux kernel/printk/printk.c. */
#ifndef VMM_WATCH_PRINTK_H
#define VMM_WATCH_PRINTK_H

#include <stdbool.h>
#include <stddef.h>

/* The longest time stamp: "[", the seconds of 64 bits of nanoseconds, ".012345]". */
enum { PRINTK_STAMP_BYTES = 20 };

/*
 * The message in a console line, after "<0>" and "[   12.345678] " or "[   12.345678][    T1] ". If
 * a program left a line unfinished (a prompt), it is the text after the first full time stamp in
 * the line.
 */
const char *printk_message(const char *line);

/* The text after the next full time stamp in @message: another message on the line, or NULL. */
const char *printk_next(const char *message);

/*
 * The length of the full time stamp ("[   12.345678]") that the @n bytes of @text end with, at most
 * PRINTK_STAMP_BYTES; 0: they do not end with one.
 */
size_t printk_stamp_before(const char *text, size_t n);

/* True when @text begins with @words. */
bool printk_begins_with(const char *text, const char *prefix);

/*
 * Copies a line, cut to @size including its NUL, with '?' in place of anything but printable ASCII:
 * a hostile guest must not send escape sequences to the user's terminal through our messages.
 */
void printable_copy(char *dst, size_t size, const char *line);

#endif
