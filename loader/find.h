/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A search in bytes that may change meanwhile: libc's functions do not promise to cope with that.
 */
#ifndef LOADER_FIND_H
#define LOADER_FIND_H

#include "loader/blob.h"

enum { FIND_WINDOW_BYTES = 1024 };

/*
 * True when @mark, of 1 to FIND_WINDOW_BYTES bytes, is in @in; then *@rest begins with the first
 * one. The search copies @in one window after another.
 */
bool find_mark(struct blob in, const char *mark, size_t len, struct blob *rest);

#endif
