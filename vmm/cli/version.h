/* SPDX-License-Identifier: BSD-3-Clause */
/* What this executable was made of. */
#ifndef VMM_CLI_VERSION_H
#define VMM_CLI_VERSION_H

#include <stdio.h>

/*
 * Writes "minivmm X.Y.Z", meson.build's version, and a line each: the architecture, the kinds of
 * compression, each with its library, those that the build leaves out, other libraries, the filter,
 * the build. Libraries are asked at run time: a shared one may differ from the one at
 * build time.
 */
void version_print(FILE *f);

#endif
