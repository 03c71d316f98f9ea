/* SPDX-License-Identifier: BSD-3-Clause */
/* The programs that embed.S put into the executable: see embedded.h. */
#include "guest/embedded.h"

extern const uint8_t embedded_hello_start[], embedded_hello_end[];
extern const uint8_t embedded_init_start[], embedded_init_end[];

struct blob guest_hello(void)
{
	return (struct blob){embedded_hello_start,
			     (size_t)(embedded_hello_end - embedded_hello_start)};
}

struct blob guest_init(void)
{
	return (struct blob){embedded_init_start,
			     (size_t)(embedded_init_end - embedded_init_start)};
}
