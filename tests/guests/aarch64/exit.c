/* SPDX-License-Identifier: BSD-3-Clause */
/* `exit=N` on the command line: ends with N by the exit device; without it, 0. */
#include "guest.h"

void guest_main(void)
{
	int64_t n = find_number("exit=");

	if (n < 0)
		n = 0;
	put("exit ");
	put_decimal((uint64_t)n);
	put_char('\n');
	end((unsigned)n);
}
