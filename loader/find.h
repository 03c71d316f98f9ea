/* SPDX-License-Identifier: BSD-3-Clause */
/* A search in bytes that may change meanwhile: libc's own functions do not promise to bear that. */
#ifndef LOADER_FIND_H
#define LOADER_FIND_H

#include "loader/blob.h"

enum { FIND_WINDOW_BYTES = 1024 };

/*
 * True when @mark, of 1 to FIND_WINDOW_BYTES bytes, is in @in; then *@rest is what begins with the
 * first one. It is looked for in copies of a window each.
 */
bool find_mark(struct blob in, const char *mark, size_t len, struct blob *rest);

#endif
