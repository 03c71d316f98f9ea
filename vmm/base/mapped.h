/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which mapped file lies where. A file that shrinks while it is mapped raises SIGBUS where its
 * bytes are gone, and the signal's handler has nothing but the address.
 */
#ifndef VMM_BASE_MAPPED_H
#define VMM_BASE_MAPPED_H

#include "loader/blob.h"

enum { MAPPED_MAX = 4 }; /* one kernel and what the cache has of it are all that is mapped */

/* @path is borrowed until mapped_remove(). Beyond MAPPED_MAX, a mapping has no name. */
void mapped_add(struct blob mapping, const char *path);

/* Nothing happens when @mapping was never added. */
void mapped_remove(struct blob mapping);

/* The path of what is mapped at @address, or NULL. Async-signal-safe. */
const char *mapped_path(const void *address);

#endif
