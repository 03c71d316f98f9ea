/* SPDX-License-Identifier: BSD-3-Clause */
/* A digest of bytes: see digest.h. */
#include "vmm/digest.h"

#define XXH_INLINE_ALL /* the header alone, of which the compiler keeps what is used */
#include <xxhash.h>

uint64_t digest64(struct blob bytes)
{
	return bytes.data ? XXH64(bytes.data, bytes.size, 0) : 0;
}
