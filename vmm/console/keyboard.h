/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stdin as the event loop reads it: a terminal, a pipe, a socket or a file, without ever blocking.
 */
#ifndef VMM_CONSOLE_KEYBOARD_H
#define VMM_CONSOLE_KEYBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { KEYBOARD_READ_BYTES = 4096 };

struct keyboard {
	int fd; /* stdin, or an owned descriptor of the same file */
	bool is_socket;
	bool is_open; /* no end of file yet */
};

void keyboard_open(struct keyboard *k);
void keyboard_close(struct keyboard *k);

/*
 * Reads up to KEYBOARD_READ_BYTES, and returns how many it read. 0: there is no input now, or, when
 * is_open is false afterwards, no more at all.
 */
size_t keyboard_read(struct keyboard *k, uint8_t bytes[KEYBOARD_READ_BYTES]);

#endif
