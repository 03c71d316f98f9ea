/* SPDX-License-Identifier: BSD-3-Clause */
/* EFI zboot images: see zboot.h. */
#include "loader/zboot.h"

#include <inttypes.h>

/* The words that Linux has used for kinds of compression that decompress() knows. */
static const char *const known[] = {"gzip", "lz4", "xzkern", "zstd22", "zstd"};

static int check_compression(const struct zboot_header *h, struct err *e)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(h->compression, known[i], sizeof(h->compression)) == 0)
			return 0;
	char name[sizeof(h->compression) + 1] = "";
	for (size_t i = 0; i < sizeof(h->compression) && h->compression[i]; i++) {
		char c = h->compression[i];
		name[i] = (char)(c >= ' ' && c <= '~' ? c : '?');
	}
	return err_set(e, "EFI zboot: compression=\"%s\", expected gzip, lz4, xzkern or zstd22",
		       name);
}

int zboot_payload(struct blob file, struct blob *payload, struct err *e)
{
	struct zboot_header h;

	if (!blob_copy(file, 0, &h, sizeof(h)))
		return err_set(e, "EFI zboot: the file has %zu bytes, its header needs %zu",
			       file.size, sizeof(h));
	if (check_compression(&h, e))
		return -1;
	if (!blob_sub(file, h.payload_offset, h.payload_size, payload))
		return err_set(e,
			       "EFI zboot: payload_size=0x%" PRIx32
			       " bytes at payload_offset=0x%" PRIx32 ", but the file has 0x%zx",
			       h.payload_size, h.payload_offset, file.size);
	return 0;
}

int zboot_unpack(struct blob file, uint64_t max_bytes, struct unpacked *out, struct err *e)
{
	struct blob payload = {NULL, 0};

	if (zboot_payload(file, &payload, e))
		return -1;
	if (decompress(payload, max_bytes, out, e))
		return err_context(e, "EFI zboot: its payload");
	return 0;
}
