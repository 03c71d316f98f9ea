/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads a pair of registers where there is no memory, which KVM cannot decode. */
#include "guest.h"

void guest_main(void)
{
	uint64_t a, b;

	say("ldp");
	__asm__ volatile("ldp %0, %1, [%2]" : "=r"(a), "=r"(b) : "r"(ARM64_DEVICES_END_GPA));
	end(a == b);
}
