/* SPDX-License-Identifier: BSD-3-Clause */
/* The embedded guest's ELF file, as guest/embed.S puts it into the executable. */
#include "arch/arch.h"

extern const uint8_t embedded_guest_start[], embedded_guest_end[];

struct blob arch_embedded_guest(void)
{
	return (struct blob){embedded_guest_start,
			     (size_t)(embedded_guest_end - embedded_guest_start)};
}
