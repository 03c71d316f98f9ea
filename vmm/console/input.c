/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's way in: see input.h. */
#include "vmm/console/input.h"

#define CTRL_A 0x01

static void push(struct input *in, uint16_t character)
{
	if (in->count < INPUT_CHARACTERS)
		in->character[(in->first + in->count++) % INPUT_CHARACTERS] = character;
}

enum input_command input_add(struct input *in, const uint8_t *data, size_t n)
{
	enum input_command command = INPUT_NOTHING;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = data[i];
		if (in->escapes && !in->after_escape && c == CTRL_A) {
			in->after_escape = true;
			continue;
		}
		bool plain = !in->after_escape || c == CTRL_A;
		in->after_escape = false;
		if (plain)
			push(in, c);
		else if (c == 'b' || c == 'B')
			push(in, LINE_BREAK);
		else if (c == 'x' || c == 'X')
			return INPUT_QUIT;
		else if (c == 'h' || c == 'H' || c == '?')
			command = INPUT_HELP;
	}
	return command;
}

size_t input_take(struct input *in, uint16_t *dst, size_t max)
{
	size_t n = in->count < max ? in->count : max;

	for (size_t i = 0; i < n; i++)
		dst[i] = in->character[(in->first + i) % INPUT_CHARACTERS];
	in->count -= n;
	in->first = in->count ? (in->first + n) % INPUT_CHARACTERS : 0; /* few pages stay in use */
	return n;
}

size_t input_room(const struct input *in)
{
	return INPUT_CHARACTERS - in->count;
}
