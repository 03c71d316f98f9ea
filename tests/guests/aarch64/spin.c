/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs in circles. */
#include "guest.h"

void guest_main(void)
{
	say("spin");
	for (;;)
		__asm__ volatile("");
}
