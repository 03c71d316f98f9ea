/* SPDX-License-Identifier: BSD-3-Clause */
/* How far the boot has come: see boot.h. */
#include "vmm/watch/boot.h"

#include "loader/banner.h"
#include "vmm/watch/printk.h"

#include <stdbool.h>
#include <string.h>

static const char init_begin[] = "Run ", init_end[] = " as init process";
static const char own_init[] = "minivmm-init: "; /* guest/init/init.c */

/* The text before and after the reason. is_reason: the prefix is part of the reason. */
static const struct {
	const char *prefix, *end;
	bool is_reason;
} unpacking[] = {
	{"Initramfs unpacking failed: ", NULL, false},
	{"rootfs image is not initramfs (", "); looks like an initrd", false},
	{"compression method ", " not configured", true},
};

/* The first reason counts; a more general one may follow. */
static void look_for_initrd(struct boot_watch *b, const char *text)
{
	for (size_t i = 0; i < sizeof(unpacking) / sizeof(unpacking[0]); i++) {
		const char *end = unpacking[i].end ? strstr(text, unpacking[i].end) : NULL;
		if (!printk_begins_with(text, unpacking[i].prefix) || (unpacking[i].end && !end))
			continue;
		if (!unpacking[i].is_reason)
			text += strlen(unpacking[i].prefix);
		printable_copy(b->initrd_said, sizeof(b->initrd_said), text);
		if (end && !unpacking[i].is_reason && end - text < BOOT_LINE_BYTES)
			b->initrd_said[end - text] = '\0';
		return;
	}
}

void boot_watch_line(struct boot_watch *b, const char *line, uint64_t now_ns)
{
	const char *text = printk_message(line);
	const char *own =
		strstr(line, own_init); /* the last line of the program may lack a newline */

	if (!b->version_ns && printk_begins_with(text, BANNER_START)) {
		b->version_ns = now_ns;
		printable_copy(b->banner, sizeof(b->banner), text);
	} else if (!b->init_ns && printk_begins_with(text, init_begin) && strstr(text, init_end)) {
		b->init_ns = now_ns;
	} else if (own) {
		printable_copy(b->init_said, sizeof(b->init_said), own + strlen(own_init));
	} else if (!b->initrd_said[0]) {
		look_for_initrd(b, text);
	}
}
