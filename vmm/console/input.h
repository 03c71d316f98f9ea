/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console's input: bytes and breaks that the guest has not read yet, in order, and the handling
 * of the escape character.
 */
#ifndef VMM_CONSOLE_INPUT_H
#define VMM_CONSOLE_INPUT_H

#include "vmm/machine/devices/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_CHARACTERS = 256 << 10 };

/* What the user requested with Ctrl-a. */
enum input_command { INPUT_NOTHING, INPUT_QUIT, INPUT_HELP };

/* All zero except @escapes: empty. */
struct input {
	size_t first, count;
	bool escapes;      /* stdin is a terminal: Ctrl-a is the escape character */
	bool after_escape; /* the last byte was Ctrl-a */
	uint16_t character[INPUT_CHARACTERS]; /* a byte, or LINE_BREAK */
};

/*
 * Takes @n bytes. Without room, bytes are lost, but escapes still work: a guest that never reads
 * must not lock the user in. Ctrl-a x requests the end (bytes before it are kept, bytes after it
 * are lost), Ctrl-a h requests help; Ctrl-a b is a break, Ctrl-a Ctrl-a one Ctrl-a; Ctrl-a with any
 * other key is ignored.
 */
enum input_command input_add(struct input *in, const uint8_t *data, size_t n);

/* Gives up to @max bytes and breaks (LINE_BREAK) to the guest. */
size_t input_take(struct input *in, uint16_t *dst, size_t max);

/* How many bytes or breaks there is room for. */
size_t input_room(const struct input *in);

#endif
