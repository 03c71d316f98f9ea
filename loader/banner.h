/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The line with which Linux begins its log (linux_banner in Linux init/version-timestamp.c).
 */
#ifndef LOADER_BANNER_H
#define LOADER_BANNER_H

#include "loader/blob.h"

MINIVMM_BEGIN

#define BANNER_START "Linux version " /* a version, which begins with a digit, follows */

/*
 * The first "Linux version " with a digit after it in @kernel, which is not compressed (a vmlinux,
 * an Image), up to the end of its line, of which 1 KiB is looked at: cut to @size with its NUL and
 * with '?' for what is not printable ASCII. One with the number of the build ("#1") goes before one
 * without. "" where there is none.
 */
void banner_find(struct blob kernel, char *text, size_t size);

/*
 * Copies @from up to a NUL or the end of the line in the same way: what a kernel file says about
 * itself, fit to be printed.
 */
void banner_copy(struct blob from, char *text, size_t size);

MINIVMM_END

#endif
