/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The line with which Linux begins its log (linux_banner in Linux init/version-timestamp.c).
 */
#ifndef LOADER_BANNER_H
#define LOADER_BANNER_H

#include "loader/blob.h"

MINIVMM_BEGIN

#define BANNER_START "Linux version " /* the version follows, and begins with a digit */

/*
 * Finds the banner in @kernel, which must not be compressed (a vmlinux, an Image): BANNER_START and
 * a digit. One with a build number ("#1") is preferred to an earlier one without. Writes its line,
 * of which at most 1 KiB is read, cut to @size bytes with the NUL; '?' stands for each byte that is
 * not printable ASCII. Writes "" where there is no banner.
 */
void banner_find(struct blob kernel, char *text, size_t size);

/*
 * Copies @from, up to a NUL or the end of the line, in the same way: what a kernel file says about
 * itself can then be printed.
 */
void banner_copy(struct blob from, char *text, size_t size);

MINIVMM_END

#endif
