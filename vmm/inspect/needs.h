/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options that a kernel's configuration should have for minivmm, and what is lost without them.
 */
#ifndef VMM_INSPECT_NEEDS_H
#define VMM_INSPECT_NEEDS_H

#include "loader/blob.h"
#include "loader/image.h"

struct need {
	const char *option; /* without CONFIG_ */
	unsigned machines;  /* bits 1 << IMAGE_MACHINE_... */
	bool module;        /* a module is enough */
	const char *lost;
};

/*
 * Returns the first need from *@at on that the .config @text of a kernel for @machine does not
 * meet, or NULL, and moves *@at past it. *@value is the value of the option: "m" where it should be
 * "y", or nothing (size 0).
 */
const struct need *needs_next(struct blob text, enum image_machine machine, unsigned *at,
			      struct blob *value);

#endif
