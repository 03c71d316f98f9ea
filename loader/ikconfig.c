/* SPDX-License-Identifier: BSD-3-Clause */
/* The embedded configuration: see ikconfig.h. */
#include "loader/ikconfig.h"

#include "loader/find.h"

#include <inttypes.h>

/* With gzip's magic: a text about the mark has the mark alone. */
static const char start_mark[] = "IKCFG_ST\x1f\x8b";
static const char end_mark[] = "IKCFG_ED";
enum {
	MARK_BYTES = 8,
	START_BYTES = sizeof(start_mark) - 1,
};
static const uint64_t text_max_bytes = 16 << 20; /* Debian's have 0.3 MB */

int ikconfig_unpack(struct blob kernel, struct unpacked *text, struct err *e)
{
	struct blob start, end;

	*text = (struct unpacked){0};
	if (!find_mark(kernel, start_mark, START_BYTES, &start))
		return 0;
	(void)blob_sub(start, MARK_BYTES, start.size - MARK_BYTES, &start);
	if (!find_mark(start, end_mark, MARK_BYTES, &end))
		return err_set(e, "IKCONFIG: \"IKCFG_ST\" at byte %zu has no \"IKCFG_ED\" after it",
			       kernel.size - start.size - MARK_BYTES);
	start.size -= end.size;
	if (decompress(start, text_max_bytes, text, e))
		return err_context(e, "IKCONFIG");
	return 0;
}

/* Takes the next line off @text, without its end. */
static struct blob next_line(struct blob *text)
{
	const uint8_t *end = memchr(text->data, '\n', text->size);
	size_t len = end ? (size_t)(end - text->data) : text->size;
	size_t used = end ? len + 1 : len;
	struct blob line = {text->data, len};
	(void)blob_sub(*text, used, text->size - used, text);
	return line;
}

bool ikconfig_value(struct blob text, const char *name, struct blob *value)
{
	static const char prefix[] = "CONFIG_";
	const size_t prefix_bytes = sizeof(prefix) - 1, len = strlen(name);

	while (text.size) {
		struct blob line = next_line(&text);
		size_t key = prefix_bytes + len;
		if (blob_has(line, 0, prefix, prefix_bytes) &&
		    blob_has(line, prefix_bytes, name, len) && blob_has(line, key, "=", 1))
			return blob_sub(line, key + 1, line.size - key - 1, value);
	}
	return false;
}

enum ikconfig_state ikconfig_state(struct blob text, const char *name)
{
	struct blob value;

	if (!ikconfig_value(text, name, &value) || value.size != 1)
		return IKCONFIG_N;
	return *value.data == 'y' ? IKCONFIG_Y : *value.data == 'm' ? IKCONFIG_M : IKCONFIG_N;
}
