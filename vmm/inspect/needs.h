/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What minivmm wants of a kernel's configuration, and what is lost without it.
 */
#ifndef VMM_INSPECT_NEEDS_H
#define VMM_INSPECT_NEEDS_H

#include "loader/ikconfig.h"
#include "loader/loaded.h"

struct need {
	const char *option; /* without CONFIG_ */
	unsigned machines;  /* bits 1 << IMAGE_MACHINE_... */
	bool module;        /* a module is enough */
	const char *lost;
};

/*
 * The first need from *@at on that the .config @text of a kernel for @machine does not meet, or
 * NULL; *@at moves past it. *@state is the option's: a module that should be built in, or not set.
 */
const struct need *needs_next(struct blob text, enum image_machine machine, unsigned *at,
			      enum ikconfig_state *state);

#endif
