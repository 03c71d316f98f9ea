/* SPDX-License-Identifier: BSD-3-Clause */
/* Digests of bytes: see digest.h. */
#include "vmm/payload/digest.h"

#include <nettle/sha2.h>
#include <nettle/version.h>

#define XXH_INLINE_ALL /* header only: the compiler keeps what is used */
#include <xxhash.h>

_Static_assert(sizeof(struct digest) == SHA256_DIGEST_SIZE, "the digest is SHA-256's");

void digest_make(struct blob bytes, struct digest *d)
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, bytes.size, bytes.data);
#if NETTLE_VERSION_MAJOR < 4
	sha256_digest(&ctx, sizeof(d->bytes), d->bytes);
#else
	sha256_digest(&ctx, d->bytes);
#endif
}

uint64_t digest64(struct blob bytes)
{
	return bytes.data ? XXH64(bytes.data, bytes.size, 0) : 0;
}
