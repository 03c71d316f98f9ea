/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console's way in: bytes from stdin that the guest has not read yet, breaks among them in
 * their order, and the escape character.
 */
#ifndef VMM_CONSOLE_INPUT_H
#define VMM_CONSOLE_INPUT_H

#include "vmm/machine/devices/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_CHARACTERS = 256 << 10 };

/* What the user asked for with Ctrl-a. */
enum input_command { INPUT_NOTHING, INPUT_QUIT, INPUT_HELP };

/* All zero but for @escapes: empty. */
struct input {
	size_t first, count;
	bool escapes;      /* stdin is a terminal: Ctrl-a is the escape character */
	bool after_escape; /* the last byte was Ctrl-a */
	uint16_t character[INPUT_CHARACTERS]; /* a byte, or LINE_BREAK */
};

/*
 * Takes @n bytes; what finds no room is lost, but escapes are seen all the same: a guest that never
 * reads must not lock the user in. Ctrl-a x asks to quit (what comes before it is kept, what comes
 * after it is lost), Ctrl-a h for help; Ctrl-a b is a break, Ctrl-a Ctrl-a one Ctrl-a; Ctrl-a with
 * any other key is nothing.
 */
enum input_command input_add(struct input *in, const uint8_t *data, size_t n);

/* Gives up to @max bytes and breaks (LINE_BREAK) to the guest. */
size_t input_take(struct input *in, uint16_t *dst, size_t max);

/* How many bytes or breaks there is room for. */
size_t input_room(const struct input *in);

#endif
