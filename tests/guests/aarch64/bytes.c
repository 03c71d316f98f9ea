/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * As many bytes as can be sent: `lines=N` lines, else for ever, of `width=W` bytes, a multiple of
 * 256: the values 1, 2, 3... 255, 0, but for the newline and the escape, which are '.'.
 */
#include "guest.h"

void guest_main(void)
{
	int64_t lines = find_number("lines="), width = find_number("width=");

	for (int64_t line = 0; line != lines; line++) {
		for (int64_t i = 1; i <= width; i++) {
			char c = (char)i;
			put_char(c == '\n' || c == 0x1b ? '.' : c);
		}
		put_char('\n');
	}
	say("all sent");
	end(0);
}
