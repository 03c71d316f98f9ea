/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The addresses of mapped files. Access to a mapped file that has shrunk raises SIGBUS, and the
 * signal's handler knows only the address; here it finds the file's name.
 */
#ifndef VMM_BASE_MAPPED_H
#define VMM_BASE_MAPPED_H

#include "loader/blob.h"

enum { MAPPED_MAX = 4 }; /* only a kernel's file and a file of the cache are ever mapped */

/* @path is borrowed until mapped_remove(). More than MAPPED_MAX mappings are not remembered. */
void mapped_add(struct blob mapping, const char *path);

/* Does nothing when @mapping was never added. */
void mapped_remove(struct blob mapping);

/* The path of the file that is mapped at @address, or NULL. Async-signal-safe. */
const char *mapped_path(const void *address);

#endif
