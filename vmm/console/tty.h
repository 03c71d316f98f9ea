/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The terminal: raw mode while a guest uses it, and a reliable way back.
 *
 * The saved settings belong to this file and not to a caller, because a signal handler must be able
 * to restore them whatever the rest of the program is doing.
 */
#ifndef VMM_CONSOLE_TTY_H
#define VMM_CONSOLE_TTY_H

#include <stdbool.h>

/* Sets raw mode if @fd is a terminal and this process is in its foreground; else does nothing. */
void tty_raw(int fd);

/* Restores the settings from before tty_raw(), once. Async-signal-safe. */
void tty_restore(void);

/* True when reading @fd would not stop this process: no terminal, or we are in its foreground. */
bool tty_may_read(int fd);

#endif
