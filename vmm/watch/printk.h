/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel puts in front of its messages. (Linux kernel/printk/printk.c) */
#ifndef VMM_WATCH_PRINTK_H
#define VMM_WATCH_PRINTK_H

#include <stddef.h>

/* The message in a console line: past "<0>" and "[   12.345678] " or "[   12.345678][    T1] ". */
const char *printk_message(const char *line);

/*
 * Copies a line, cut to @size with its NUL, with '?' for all that is not printable ASCII: a hostile
 * guest must not reach the user's terminal through a message of ours.
 */
void printable_copy(char *dst, size_t size, const char *line);

#endif
