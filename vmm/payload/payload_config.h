/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that the guest is made of, as the user named them. Strings are borrowed; NULL: none. */
#ifndef VMM_PAYLOAD_PAYLOAD_CONFIG_H
#define VMM_PAYLOAD_PAYLOAD_CONFIG_H

#include "vmm/base/strings.h"

#include <stdbool.h>

enum kaslr_mode { KASLR_AUTO, KASLR_ON, KASLR_OFF };

struct payload_config {
	const char *kernel; /* NULL: the embedded guest */
	struct strings initrd;
	const char *init;             /* the guest's only program; NULL: the initrd's own /init */
	const char *const *init_args; /* its arguments, @n_init_args of them */
	unsigned n_init_args;
	const char *cmdline; /* NULL: a unified kernel image's, else the architecture's default */
	const char *dtb;     /* replaces the device tree that minivmm builds */
	enum kaslr_mode kaslr;
	bool no_cache; /* unpacked kernels are neither stored in the cache nor taken from it */
};

#endif
