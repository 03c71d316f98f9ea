/* SPDX-License-Identifier: BSD-3-Clause */
/* Tells pvpanic that it panicked. */
#include "guest.h"

void guest_main(void)
{
	say("pvpanic");
	check(read8(ARM64_PVPANIC_GPA) == 3, "pvpanic understands two events");
	write8(ARM64_PVPANIC_GPA, 1);
	end(1);
}
