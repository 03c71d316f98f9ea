/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --version: what this executable was built from. */
#ifndef VMM_CLI_VERSION_H
#define VMM_CLI_VERSION_H

#include <stdio.h>

/*
 * Writes "minivmm X.Y.Z", the version in meson.build, and a line for each of: the architecture, the
 * kinds of compression with their libraries, those that the build leaves out, other libraries, the
 * seccomp filter, the build. Libraries are asked for their versions at run time, when a shared one
 * may differ from the one at build time.
 */
void version_print(FILE *f);

#endif
