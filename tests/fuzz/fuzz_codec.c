/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is compressed data of FUZZ_FORMAT: there is one target for each kind. */
#include "image_check.h"
#include "loader/decompress.h"
#include "loader/image.h"

enum { MAX_BYTES = 1 << 20 };

/* With one byte more there is something after the stream. */
static void check_longer(struct blob in)
{
	uint8_t *longer = malloc(in.size + 1);
	struct unpacked u;
	struct err e = {""};

	CHECK(longer);
	memcpy(longer, in.data, in.size);
	longer[in.size] = 0;
	CHECK(decompress((struct blob){longer, in.size + 1}, MAX_BYTES, &u, &e) == -1);
	check_error(&e);
	free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob in = {data, size};
	struct unpacked u;
	struct err e = {""};

	if (image_probe(in) != FUZZ_FORMAT)
		return 0;
	if (decompress(in, MAX_BYTES, &u, &e)) {
		check_error(&e);
		CHECK(!u.data && !u.size);
		return 0;
	}
	CHECK(u.size <= MAX_BYTES && u.size <= u.room);
	/* Just as much is allowed, and not a byte less. */
	struct unpacked again;
	CHECK(decompress(in, u.size, &again, &e) == 0 && again.size == u.size);
	CHECK(memcmp(again.data, u.data, u.size) == 0);
	unpacked_free(&again);
	CHECK(u.size == 0 || decompress(in, u.size - 1, &again, &e) == -1);
	unpacked_free(&u);
	check_longer(in);
	return 0;
}
