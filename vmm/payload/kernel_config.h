/* SPDX-License-Identifier: BSD-3-Clause */
/* What the configuration that is embedded in a kernel says about its console. */
#ifndef VMM_PAYLOAD_KERNEL_CONFIG_H
#define VMM_PAYLOAD_KERNEL_CONFIG_H

#include "loader/gmem.h"

/* Constant strings; NULL: not known. */
struct kernel_console {
	const char *lacks; /* the option without which it has no console on ttyS0 */
	const char *own;   /* the console that it uses when its command line names none */
};

/*
 * Reads the configuration from the memory of a guest that has ended, whose kernel was loaded to
 * [@start, @end). That takes milliseconds.
 */
struct kernel_console kernel_config_console(const struct gmem *mem, gpa_t start, gpa_t end);

#endif
