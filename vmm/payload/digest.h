/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The digests by which the cache identifies content.
 */
#ifndef VMM_PAYLOAD_DIGEST_H
#define VMM_PAYLOAD_DIGEST_H

#include "loader/blob.h"

/* SHA-256 (FIPS 180-4): nobody can construct other bytes with the same digest. */
struct digest {
	uint8_t bytes[32];
};

void digest_make(struct blob bytes, struct digest *d);

/*
 * XXH64 with seed 0 (xxHash specification, "XXH64 algorithm"); 0 for a blob without data. It
 * detects damage but does not stop an attacker, because it can be inverted.
 */
uint64_t digest64(struct blob bytes);

#endif
