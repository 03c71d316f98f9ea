/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The terminal: raw mode while a guest uses it, and its certain restore.
 *
 * The saved settings are this file's own state, not the caller's, because a signal handler must be
 * able to restore them whatever the rest of the program is doing.
 */
#ifndef VMM_CONSOLE_TTY_H
#define VMM_CONSOLE_TTY_H

#include <stdbool.h>

/* Raw mode when @fd is a terminal and this process is in its foreground; else nothing happens. */
void tty_raw(int fd);

/* The settings from before tty_raw(). Nothing happens twice. Async-signal-safe. */
void tty_restore(void);

/* Reading @fd would not stop this process: it is no terminal, or we are in its foreground. */
bool tty_may_read(int fd);

#endif
