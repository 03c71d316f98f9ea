/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * XXH64, a digest of 64 bits that is as fast as memory: for telling data apart and for noticing
 * damage, not against someone who wants two inputs to have the same. Source: "xxHash fast digest
 * algorithm", version 0.1.1 (doc/xxhash_spec.md of the xxHash project).
 */
#ifndef LOADER_XXH64_H
#define LOADER_XXH64_H

#include "loader/blob.h"

/* The digest with seed 0. */
uint64_t xxh64(struct blob data);

#endif
