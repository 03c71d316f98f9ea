/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints what a panicking kernel prints. */
#include "guest.h"

void guest_main(void)
{
	say("[    0.000000] Kernel panic - not syncing: test");
	for (;;)
		__asm__ volatile("wfi");
}
