/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits and says nothing. */
#include "guest.h"

void guest_main(void)
{
	for (;;)
		__asm__ volatile("wfi");
}
