/* SPDX-License-Identifier: BSD-3-Clause */
/* The arguments of an option that may be given more than once, in the order given. */
#ifndef VMM_BASE_STRINGS_H
#define VMM_BASE_STRINGS_H

enum { STRINGS_MAX = 64 };

/* All zero: none. The strings are borrowed. */
struct strings {
	const char *at[STRINGS_MAX];
	unsigned n;
};

#endif
