/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest and the guest's /init as embed.S put them here: see embedded.h. */
#include "arch/embedded.h"

extern const uint8_t embedded_guest_start[], embedded_guest_end[];
extern const uint8_t embedded_init_start[], embedded_init_end[];

struct blob embedded_guest(void)
{
	return (struct blob){embedded_guest_start,
			     (size_t)(embedded_guest_end - embedded_guest_start)};
}

struct blob embedded_init(void)
{
	return (struct blob){embedded_init_start,
			     (size_t)(embedded_init_end - embedded_init_start)};
}
