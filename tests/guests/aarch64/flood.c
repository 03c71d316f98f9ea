/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbered lines: `lines=N` of them, else for ever. */
#include "guest.h"

void guest_main(void)
{
	int64_t lines = find_number("lines=");

	for (int64_t i = 0; i != lines; i++) {
		put("flood ");
		put_decimal((uint64_t)i);
		say(" abcdefghijklmnopqrstuvwxyz0123456789");
	}
	end(0);
}
