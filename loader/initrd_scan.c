/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an initrd is: see initrd_scan.h. The formats: RFC 1952, RFC 8878, the .xz file format, Linux
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 */
#include "loader/initrd_scan.h"

#include <inttypes.h>

/* gzip's last word is the unpacked size, which is at most 1032 times the packed one. */
static void look_gzip(struct blob in, struct initrd_scan *out)
{
	uint32_t size = 0;

	if (in.size > 18 && blob_copy(in, in.size - sizeof(size), &size, sizeof(size)) &&
	    size / 1032 <= in.size)
		out->unpacked_bytes += size;
}

/* The stream's flags have the number of its check. Linux builds its decoder with CRC32 alone. */
static void look_xz(struct blob in, struct initrd_scan *out)
{
	uint8_t check = 0;

	(void)blob_copy(in, 7, &check, 1);
	check &= 0xf;
	if (check > 1)
		err_set(&out->problem,
			"xz with %s for a check, but Linux's decoder knows CRC32 alone: xz "
			"--check=crc32",
			check == 4    ? "CRC64"
			: check == 10 ? "SHA-256"
				      : "an unknown number");
}

/* RFC 8878, 3.1.1.1: the descriptor, then perhaps a window, a dictionary's id, the content's size.
 */
static void look_zstd(struct blob in, struct initrd_scan *out)
{
	static const uint8_t id_bytes[] = {0, 1, 2, 4}, size_bytes[] = {0, 2, 4, 8};
	uint8_t descriptor = 0, window = 0;
	uint64_t size = 0;

	if (!blob_copy(in, 4, &descriptor, 1) || !blob_copy(in, 5, &window, 1))
		return;
	bool single = descriptor & 1 << 5;
	unsigned n = size_bytes[descriptor >> 6];
	if (single && !n)
		n = 1;
	if (!blob_copy(in, (single ? 5u : 6u) + id_bytes[descriptor & 3], &size, n))
		return;
	size += n == 2 ? 256 : 0;
	uint64_t base = 1ull << (10 + (window >> 3));
	out->window_bytes = single ? size : base + base / 8 * (window & 7);
	out->unpacked_bytes += size;
}

static void look_lz4_frame(struct blob in, struct initrd_scan *out)
{
	(void)in;
	err_set(&out->problem,
		"an lz4 frame, but Linux's decoder knows lz4's legacy format alone: lz4 -l");
}

/* The magic and its length: Linux looks at the first two bytes alone. */
static const struct {
	const char *format, *config;
	const char *magic;
	size_t len;
	void (*look)(struct blob in, struct initrd_scan *out); /* NULL: its header tells nothing */
} compressed[] = {
	{"gzip", "RD_GZIP", "\x1f\x8b", 2, look_gzip},
	{"gzip", "RD_GZIP", "\x1f\x9e", 2, NULL},
	{"bzip2", "RD_BZIP2", "BZ", 2, NULL},
	{"lzma", "RD_LZMA", "\x5d\x00", 2, NULL},
	{"xz", "RD_XZ", "\xfd\x37", 2, look_xz},
	{"lzo", "RD_LZO", "\x89\x4c", 2, NULL},
	{"lz4", "RD_LZ4", "\x02\x21", 2, NULL},
	{"zstd", "RD_ZSTD", "\x28\xb5", 2, look_zstd},
	{"lz4 frame", NULL, "\x04\x22\x4d\x18", 4, look_lz4_frame},
};

/* What Linux takes for a RAM disk's image (init/do_mounts_rd.c), if it has RAM disks. */
static const struct {
	size_t offset;
	const char *magic;
	size_t len;
} file_systems[] = {
	{0, "hsqs", 4},         {0, "\x45\x3d\xcd\x28", 4}, {0x200, "\x45\x3d\xcd\x28", 4},
	{0, "-rom1fs-", 8},     {0x438, "\x53\xef", 2},     {0x410, "\x7f\x13", 2},
	{0x410, "\x8f\x13", 2}, {0x410, "\x68\x24", 2},     {0x410, "\x78\x24", 2},
};

/* One entry of a newc archive: buffer-format.rst. */
enum { CPIO_HEADER_BYTES = 110, CPIO_FILESIZE = 54, CPIO_NAMESIZE = 94, CPIO_DIGITS = 8 };

static bool hex(struct blob header, size_t at, uint32_t *value)
{
	static const char digits[] = "0123456789abcdef";

	*value = 0;
	for (size_t i = at; i < at + CPIO_DIGITS; i++) {
		uint8_t c = header.data[i];
		/* | ' ' makes a letter lower case, and leaves a digit as it is. */
		const char *digit = c < '0' ? NULL : memchr(digits, c | ' ', 16);
		if (!digit)
			return false;
		*value = *value << 4 | (uint32_t)(digit - digits);
	}
	return true;
}

static uint64_t round_up_4(uint64_t n)
{
	return (n + 3) & ~3ull;
}

/*
 * Reads the entry at *@at, and moves *@at past it. False: there is a problem, or it was the
 * trailer.
 */
static bool next_entry(struct blob in, uint64_t *at, struct initrd_scan *out)
{
	struct blob bytes, name;
	uint8_t copy[CPIO_HEADER_BYTES];
	uint32_t file_bytes, name_bytes;

	if (*at >= in.size) /* the trailer may be missing */
		return false;
	if (blob_has(in, *at, "070707", 6)) {
		err_set(&out->problem,
			"a cpio archive of the old format, but Linux unpacks the new one alone: "
			"cpio -H newc");
		return false;
	}
	if (!blob_copy(in, *at, copy, sizeof(copy)))
		goto cut_short;
	bytes = (struct blob){copy, sizeof(copy)};
	if ((!blob_has(bytes, 0, "070701", 6) && !blob_has(bytes, 0, "070702", 6)) ||
	    !hex(bytes, CPIO_FILESIZE, &file_bytes) || !hex(bytes, CPIO_NAMESIZE, &name_bytes)) {
		err_set(&out->problem, "a cpio archive with no entry's header at byte %" PRIu64,
			*at);
		return false;
	}
	if (!blob_sub(in, *at + sizeof(copy), name_bytes, &name))
		goto cut_short;
	*at = round_up_4(*at + sizeof(copy) + name_bytes);
	if (blob_has(name, 0, "TRAILER!!!", 10))
		return false;
	if (!blob_sub(in, *at, file_bytes, &bytes))
		goto cut_short;
	*at = round_up_4(*at + file_bytes);
	out->unpacked_bytes += file_bytes;
	return true;

cut_short:
	err_set(&out->problem, "a cpio archive that is cut short: it ends at byte %zu", in.size);
	return false;
}

static bool is_file_system(struct blob in)
{
	for (size_t i = 0; i < sizeof(file_systems) / sizeof(file_systems[0]); i++)
		if (blob_has(in, file_systems[i].offset, file_systems[i].magic,
			     file_systems[i].len))
			return true;
	return false;
}

/* What begins at @at is no cpio archive: it is compressed, or it may be anything. */
static void look(struct blob initrd, uint64_t at, struct initrd_scan *out)
{
	uint8_t first[4] = {0};
	struct blob in;

	if (!blob_sub(initrd, at, initrd.size - at, &in))
		return;
	for (size_t i = 0; i < sizeof(compressed) / sizeof(compressed[0]); i++) {
		if (!blob_has(in, 0, compressed[i].magic, compressed[i].len))
			continue;
		out->format = compressed[i].format;
		out->config = compressed[i].config;
		if (compressed[i].look)
			compressed[i].look(in, out);
		return;
	}
	out->format = is_file_system(initrd) ? "file system" : NULL;
	if (out->format)
		return;
	(void)blob_copy(in, 0, first, in.size < sizeof(first) ? in.size : sizeof(first));
	err_set(&out->problem,
		"at byte %" PRIu64 " (%02x %02x %02x %02x) there is neither a cpio archive nor "
		"one that is compressed in a way that Linux knows",
		at, first[0], first[1], first[2], first[3]);
}

void initrd_scan(struct blob initrd, struct initrd_scan *out)
{
	uint64_t at = 0, zeros;
	uint8_t first;

	*out = (struct initrd_scan){.format = NULL};
	while (!out->problem.text[0] && blob_copy(initrd, at, &first, 1)) {
		if (first == 0) {
			at++;
			while (blob_copy(initrd, at, &zeros, sizeof(zeros)) && !zeros)
				at += sizeof(zeros);
		} else if (first == '0' && at % 4 == 0) {
			out->format = "cpio";
			while (next_entry(initrd, &at, out))
				;
		} else {
			look(initrd, at, out);
			return;
		}
	}
}
