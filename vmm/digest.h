/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the cache knows bytes by: against damage, not against an enemy.
 */
#ifndef VMM_DIGEST_H
#define VMM_DIGEST_H

#include "loader/blob.h"

/* XXH64 with seed 0 (xxHash specification, "XXH64 algorithm"); 0 for what has no address. */
uint64_t digest64(struct blob bytes);

#endif
