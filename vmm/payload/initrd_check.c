/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether an initrd will be unpacked: see initrd_check.h. */
#include "vmm/payload/initrd_check.h"

#include "loader/ikconfig.h"
#include "loader/initrd_scan.h"

#include <inttypes.h>
#include <stdio.h>

/* Nearly every kernel that unpacks any initrd supports these; a search would waste time. */
static const char *const usual[] = {"RD_GZIP", "RD_ZSTD"};

void initrd_check_add(struct initrd_check *c, const char *name, struct blob initrd)
{
	struct initrd_scan scan;

	c->given = true;
	initrd_scan(initrd, &scan);
	if (!c->config) {
		c->format = scan.format;
		c->config = scan.config;
	}
	c->bytes += initrd.size;
	/* The headers may be made up, so their sum may overflow. */
	if (__builtin_add_overflow(c->unpacked_bytes, scan.unpacked_bytes, &c->unpacked_bytes))
		c->unpacked_bytes = UINT64_MAX;
	if (c->window_bytes < scan.window_bytes)
		c->window_bytes = scan.window_bytes;
	if (scan.problem.text[0] && !c->problem.text[0])
		err_set(&c->problem, "%s: %s", name, scan.problem.text);
}

/* Rounded up. */
static uint64_t mib(uint64_t bytes)
{
	return (bytes >> 20) + (bytes % (1 << 20) != 0);
}

void initrd_check_ram(struct initrd_check *c, uint64_t kernel_bytes, uint64_t ram_bytes)
{
	uint64_t needed;

	if (!c->given || c->problem.text[0])
		return;
	if (__builtin_add_overflow(c->unpacked_bytes, c->window_bytes, &needed) ||
	    __builtin_add_overflow(needed, kernel_bytes + c->bytes, &needed))
		needed = UINT64_MAX;
	c->too_large = needed > ram_bytes;
	if (c->too_large)
		err_set(&c->problem,
			"the initrd does not fit: its %" PRIu64 " MiB take %" PRIu64
			" MiB more when they are unpacked, by what its headers say, and the kernel "
			"takes %" PRIu64 "; --memory is %" PRIu64 " MiB",
			mib(c->bytes), mib(needed - kernel_bytes - c->bytes), mib(kernel_bytes),
			ram_bytes >> 20);
}

static bool is_usual(const char *config)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (strcmp(usual[i], config) == 0)
			return true;
	return false;
}

void initrd_check_config(struct initrd_check *c, struct blob kernel)
{
	struct unpacked text;

	if (!c->config || is_usual(c->config) || c->problem.text[0] ||
	    ikconfig_unpack(kernel, &text, NULL) || !text.data)
		return;
	if (ikconfig_state((struct blob){text.data, text.size}, c->config) != IKCONFIG_Y)
		err_set(&c->problem,
			"the initrd is compressed by %s, which this kernel does not unpack: "
			"CONFIG_%s is not set",
			c->format, c->config);
	unpacked_free(&text);
}

static const char *const unpack_hints[] = {
	[UNPACK_OTHER] = "an initrd that is whole: the kernel could not unpack this one",
	[UNPACK_NO_ROOM] = "more --memory: the initrd's files get half of it, and did not fit",
	[UNPACK_NO_MEMORY] = "more --memory: unpacking the initrd takes more",
	[UNPACK_NOT_CONFIGURED] =
		"an initrd in another compression, or a kernel with the CONFIG_RD_* for it",
};

bool initrd_check_hint(const struct initrd_check *c, enum panic_cause cause, const char *said,
		       char *text, size_t size)
{
	bool lacks_root = cause == PANIC_NO_ROOT || cause == PANIC_NO_INIT;

	if (!c->given)
		return false;
	if (cause == PANIC_NO_MEMORY) {
		snprintf(text, size, "more --memory: %s",
			 c->problem.text[0]
				 ? c->problem.text
				 : "the initrd is unpacked into it, and the kernel ran out");
	} else if (c->problem.text[0] && (*said || lacks_root)) {
		snprintf(text, size, "%s%s%s%s: %s",
			 c->too_large ? "more --memory" : "another initrd",
			 *said ? ": the kernel said \"" : "", said, *said ? "\"" : "",
			 c->problem.text);
	} else if (*said) {
		snprintf(text, size, "%s (it said \"%s\")", unpack_hints[unpack_cause(said)], said);
	} else if (lacks_root) {
		snprintf(
			text, size,
			"an initrd with an executable /init in it: this one has none, or could not "
			"be unpacked (without quiet the kernel says so)");
	} else {
		return false;
	}
	return true;
}
