/* SPDX-License-Identifier: BSD-3-Clause */
/* Drives the compression libraries: see decompress.h. */
#include "loader/decompress.h"

#include "loader/codec.h"
#include "loader/probe.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FIRST_ROOM = 64 << 10, CHUNK_BYTES = 256 << 10 };

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

/* Makes room for more, up to @max bytes in all. False: no memory. */
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

/* One call of decompress(). */
struct job {
	const struct format *format;
	void *state; /* the codec's */
	struct blob in;
	size_t max;     /* below SIZE_MAX: there is always room for one byte more */
	uint8_t *chunk; /* what io.in points into */
	size_t chunk_bytes;
	struct codec_io io;
};

static size_t unread(const struct job *j)
{
	return j->io.in_bytes + j->io.in_later;
}

/*
 * Fills the chunk, after what the codec left unread in it. No library promises to cope with input
 * that changes while it reads: it is given a copy.
 */
static void refill(struct job *j)
{
	struct codec_io *io = &j->io;
	size_t n = j->chunk_bytes - io->in_bytes;

	n = n < io->in_later ? n : io->in_later;
	memmove(j->chunk, io->in, io->in_bytes);
	(void)blob_copy(j->in, j->in.size - io->in_later, j->chunk + io->in_bytes, n);
	io->in = j->chunk;
	io->in_bytes += n;
	io->in_later -= n;
}

/* Lets the codec take one step, and checks how far it came. */
static int step(struct job *j, struct unpacked *out, bool *end, struct err *e)
{
	const char *name = j->format->name;
	size_t before = out->size, left = unread(j);

	if (out->size == out->room && !grow(out, j->max + 1))
		return err_set(e, "%s: no memory for what it unpacks to", name);
	refill(j);
	j->io.out = out->data + out->size;
	j->io.out_bytes = out->room - out->size;
	const char *problem = j->format->codec->step(j->state, &j->io, end);
	out->size = (size_t)(j->io.out - out->data);
	if (problem)
		return err_set(e, "%s: %s, at byte %zu of %zu", name, problem,
			       j->in.size - unread(j), j->in.size);
	if (out->size > j->max)
		return err_set(e, "%s: it unpacks to more than %zu bytes", name, j->max);
	if (!*end && out->size == before && unread(j) == left)
		return err_set(e,
			       "%s: its %zu bytes are cut short: %zu are unpacked, and there is no "
			       "end",
			       name, j->in.size, out->size);
	return 0;
}

static int check_end(struct job *j, size_t unpacked, struct err *e)
{
	size_t left = unread(j);
	uint32_t size = (uint32_t)unpacked;

	refill(j);
	if (!left || (left == sizeof(size) && memcmp(j->io.in, &size, sizeof(size)) == 0))
		return 0;
	return err_set(e,
		       "%s: the stream ends at byte %zu, and %zu bytes follow, expected none or 4 "
		       "with its unpacked size (%zu)",
		       j->format->name, j->in.size - left, left, unpacked);
}

/* Unpacks the whole stream. */
static int run(struct job *j, struct unpacked *out, struct err *e)
{
	bool end = false;

	j->state = j->format->codec->begin();
	j->chunk_bytes = j->in.size < CHUNK_BYTES ? j->in.size : CHUNK_BYTES;
	j->chunk = malloc(j->chunk_bytes);
	if (!j->state || !j->chunk)
		return err_set(e, "%s: no memory", j->format->name);
	j->io = (struct codec_io){.in = j->chunk, .in_later = j->in.size};
	while (!end)
		if (step(j, out, &end, e))
			return -1;
	return check_end(j, out->size, e);
}

int decompress(struct blob in, uint64_t max_bytes, struct unpacked *out, struct err *e)
{
	struct job j = {.format = find_format(in, e), .in = in};

	*out = (struct unpacked){0};
	if (!j.format)
		return -1;
	j.max = max_bytes < SIZE_MAX ? (size_t)max_bytes : SIZE_MAX - 1;
	int r = run(&j, out, e);
	if (j.state)
		j.format->codec->end(j.state);
	free(j.chunk);
	if (r)
		unpacked_free(out);
	return r;
}

void unpacked_free(struct unpacked *u)
{
	free(u->data);
	*u = (struct unpacked){0};
}
