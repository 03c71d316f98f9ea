/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's way in: see input.h. */
#include "vmm/input.h"

#include <string.h>

#define CTRL_A 0x01

enum input_command input_add(struct input *in, const uint8_t *data, size_t n)
{
	enum input_command command = INPUT_NOTHING;

	in->first = in->count = 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = data[i];
		if (in->escapes && !in->after_escape && c == CTRL_A) {
			in->after_escape = true;
			continue;
		}
		if (!in->after_escape || c == CTRL_A)
			in->byte[in->count++] = c;
		else if (c == 'x' || c == 'X')
			return INPUT_QUIT;
		else if (c == 'h' || c == 'H' || c == '?')
			command = INPUT_HELP;
		in->after_escape = false;
	}
	return command;
}

size_t input_take(struct input *in, uint8_t *dst, size_t max)
{
	size_t n = in->count < max ? in->count : max;

	memcpy(dst, in->byte + in->first, n);
	in->first += n;
	in->count -= n;
	return n;
}

bool input_empty(const struct input *in)
{
	return in->count == 0;
}
