/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints its command line after "say=", in which '|' is the end of a line, and '!' with a letter an
 * end: r resets the machine; without one it goes on for ever.
 */
#include "guest.h"

void guest_main(void)
{
	const char *p = find_word("say=");

	for (; *p && *p != '!'; p++)
		put_char(*p == '|' ? '\n' : *p);
	if (*p && p[1] == 'r')
		psci(PSCI_SYSTEM_RESET, 0, 0, 0);
	for (;;)
		;
}
