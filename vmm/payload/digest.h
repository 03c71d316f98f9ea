/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the cache knows bytes by.
 */
#ifndef VMM_PAYLOAD_DIGEST_H
#define VMM_PAYLOAD_DIGEST_H

#include "loader/blob.h"

/* SHA-256 (FIPS 180-4): nobody can make other bytes that have it. */
struct digest {
	uint8_t bytes[32];
};

void digest_make(struct blob bytes, struct digest *d);

/*
 * XXH64 with seed 0 (xxHash specification, "XXH64 algorithm"); 0 for what has no address. Against
 * damage, not against an enemy: it can be inverted.
 */
uint64_t digest64(struct blob bytes);

#endif
