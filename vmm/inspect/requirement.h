/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options that a kernel's configuration should have for minivmm, and what is lost without them.
 */
#ifndef VMM_INSPECT_REQUIREMENT_H
#define VMM_INSPECT_REQUIREMENT_H

#include "loader/ikconfig.h"
#include "loader/loaded.h"

struct requirement {
	const char *option; /* without CONFIG_ */
	unsigned machines;  /* bits 1 << IMAGE_MACHINE_... */
	bool module;        /* a module is enough */
	const char *lost;
};

/*
 * Returns the first requirement from *@at on that the .config @text of a kernel for @machine does
 * not meet, or NULL, and moves *@at past it. *@state is that option's: a module that should be
 * built in, or not set.
 */
const struct requirement *requirement_next(struct blob text, enum image_machine machine,
					   unsigned *at, enum ikconfig_state *state);

#endif
