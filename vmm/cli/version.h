/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --version: what this executable consists of. */
#ifndef VMM_CLI_VERSION_H
#define VMM_CLI_VERSION_H

#include <stdio.h>

/*
 * Writes "minivmm X.Y.Z", with the version from meson.build, and then a line for each of these: the
 * architecture, the supported compressions with their libraries, the unsupported ones, other
 * libraries, the filter, the build. Libraries are asked for their version at run time, because a
 * shared one may differ from that of the build.
 */
void version_print(FILE *f);

#endif
