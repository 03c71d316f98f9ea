/* SPDX-License-Identifier: BSD-3-Clause */
/* Drives the compression libraries: see decompress.h. */
#include "loader/decompress.h"

#include "loader/codec.h"
#include "loader/image.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FIRST_ROOM = 64 << 10 };

/* @codec is NULL where this build has no library for it. */
static const struct format {
	enum image_format format;
	const char *name;
	const struct codec *codec;
} formats[] = {
#ifdef HAVE_GZIP
	{IMAGE_GZIP, "gzip", &codec_gzip},
#else
	{IMAGE_GZIP, "gzip", NULL},
#endif
#ifdef HAVE_ZSTD
	{IMAGE_ZSTD, "zstd", &codec_zstd},
#else
	{IMAGE_ZSTD, "zstd", NULL},
#endif
#ifdef HAVE_LZ4
	{IMAGE_LZ4, "lz4", &codec_lz4},
#else
	{IMAGE_LZ4, "lz4", NULL},
#endif
#ifdef HAVE_XZ
	{IMAGE_XZ, "xz", &codec_xz},
#else
	{IMAGE_XZ, "xz", NULL},
#endif
};

/* Finds the format and its codec. */
static const struct format *find_format(struct blob in, struct err *e)
{
	enum image_format found = image_probe(in);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (formats[i].format != found)
			continue;
		if (formats[i].codec)
			return &formats[i];
		err_set(e, "%s: this minivmm was built without %s", formats[i].name,
			formats[i].name);
		return NULL;
	}
	err_set(e, "the data is not compressed by gzip, zstd, lz4 or xz");
	return NULL;
}

/* Makes room for more, up to @max bytes. False: no memory. */
static bool grow(struct unpacked *u, size_t max)
{
	size_t room = u->room > max / 2 ? max : u->room * 2;
	if (u->room == 0)
		room = max < FIRST_ROOM ? max : FIRST_ROOM;
	uint8_t *data = realloc(u->data, room);
	if (!data)
		return false;
	u->data = data;
	u->room = room;
	return true;
}

/* Steps to the stream's end. @max is below SIZE_MAX: there is always room for one byte more. */
static int run(const struct format *f, void *state, struct blob in, size_t max,
	       struct unpacked *out, struct err *e)
{
	struct codec_io io = {.in = in.data, .in_bytes = in.size};
	bool end = false;
	while (!end) {
		if (out->size == out->room && !grow(out, max + 1))
			return err_set(e, "%s: no memory for what it unpacks to", f->name);
		io.out = out->data + out->size;
		io.out_bytes = out->room - out->size;
		size_t before = io.in_bytes;
		const char *problem = f->codec->step(state, &io, &end);
		size_t filled = (size_t)(io.out - (out->data + out->size));
		out->size += filled;
		if (problem)
			return err_set(e, "%s: %s, at byte %zu of %zu", f->name, problem,
				       in.size - io.in_bytes, in.size);
		if (out->size > max)
			return err_set(e, "%s: it unpacks to more than %zu bytes", f->name, max);
		if (!end && !filled && io.in_bytes == before)
			return err_set(e,
				       "%s: its %zu bytes are cut short: %zu are unpacked, and "
				       "there is no end",
				       f->name, in.size, out->size);
	}
	return 0;
}

int decompress(struct blob in, uint64_t max_bytes, struct unpacked *out, struct err *e)
{
	*out = (struct unpacked){0};
	const struct format *f = find_format(in, e);
	if (!f)
		return -1;
	void *state = f->codec->begin();
	if (!state)
		return err_set(e, "%s: no memory", f->name);
	size_t max = max_bytes < SIZE_MAX ? (size_t)max_bytes : SIZE_MAX - 1;
	int r = run(f, state, in, max, out, e);
	f->codec->end(state);
	if (r)
		unpacked_free(out);
	return r;
}

void unpacked_free(struct unpacked *u)
{
	free(u->data);
	*u = (struct unpacked){0};
}
