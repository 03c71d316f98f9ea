/* SPDX-License-Identifier: BSD-3-Clause */
/* XXH64: see xxh64.h, whose source has these steps and names. */
#include "loader/xxh64.h"

enum { LANES = 4, STRIPE_BYTES = LANES * sizeof(uint64_t) };

static const uint64_t prime1 = 0x9e3779b185ebca87, prime2 = 0xc2b2ae3d27d4eb4f,
		      prime3 = 0x165667b19e3779f9, prime4 = 0x85ebca77c2b2ae63,
		      prime5 = 0x27d4eb2f165667c5;

static uint64_t rotate(uint64_t n, unsigned bits)
{
	return n << bits | n >> (64 - bits);
}

static uint64_t read64(const uint8_t *at)
{
	uint64_t n;
	memcpy(&n, at, sizeof(n));
	return n;
}

static uint64_t round64(uint64_t acc, uint64_t lane)
{
	return rotate(acc + lane * prime2, 31) * prime1;
}

/* Steps 1 to 3 for at least one stripe; moves *@d behind the last whole one. */
static uint64_t digest_stripes(struct blob *d)
{
	uint64_t a0 = prime1 + prime2, a1 = prime2, a2 = 0, a3 = 0 - prime1;

	for (; d->size >= STRIPE_BYTES; d->data += STRIPE_BYTES, d->size -= STRIPE_BYTES) {
		a0 = round64(a0, read64(d->data));
		a1 = round64(a1, read64(d->data + 8));
		a2 = round64(a2, read64(d->data + 16));
		a3 = round64(a3, read64(d->data + 24));
	}
	const uint64_t lanes[LANES] = {a0, a1, a2, a3};
	uint64_t acc = rotate(a0, 1) + rotate(a1, 7) + rotate(a2, 12) + rotate(a3, 18);
	for (unsigned i = 0; i < LANES; i++)
		acc = (acc ^ round64(0, lanes[i])) * prime1 + prime4;
	return acc;
}

/* Step 5: what is shorter than a stripe. */
static uint64_t digest_rest(uint64_t acc, struct blob d)
{
	for (; d.size >= 8; d.data += 8, d.size -= 8)
		acc = rotate(acc ^ round64(0, read64(d.data)), 27) * prime1 + prime4;
	if (d.size >= 4) {
		uint32_t lane;
		memcpy(&lane, d.data, sizeof(lane));
		acc = rotate(acc ^ lane * prime1, 23) * prime2 + prime3;
		d.data += 4;
		d.size -= 4;
	}
	for (; d.size; d.data++, d.size--)
		acc = rotate(acc ^ *d.data * prime5, 11) * prime1;
	return acc;
}

uint64_t xxh64(struct blob data)
{
	uint64_t bytes = data.size;
	uint64_t acc = data.size >= STRIPE_BYTES ? digest_stripes(&data) : prime5;

	acc = digest_rest(acc + bytes, data);
	acc = (acc ^ acc >> 33) * prime2;
	acc = (acc ^ acc >> 29) * prime3;
	return acc ^ acc >> 32;
}
