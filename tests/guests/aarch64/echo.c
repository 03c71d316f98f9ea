/* SPDX-License-Identifier: BSD-3-Clause */
/* Sends back what it gets, up to a q. */
#include "guest.h"

void guest_main(void)
{
	say("echo: type, q ends");
	for (char c = 0; c != 'q';) {
		c = get_char();
		put_char(c);
	}
	put_char('\n');
	end(0);
}
