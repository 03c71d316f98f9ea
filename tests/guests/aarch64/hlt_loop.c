/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits for interrupts that never come. */
#include "guest.h"

void guest_main(void)
{
	say("hlt_loop");
	for (;;)
		__asm__ volatile("wfi");
}
