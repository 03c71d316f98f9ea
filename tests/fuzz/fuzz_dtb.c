/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a user's device tree; its last byte says how much room there is beside it. */
#include "arm64.h"
#include "fuzz.h"

#include <libfdt.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dtb_config cfg = arm64_config(2);
	struct err e = {""};

	if (!size)
		return 0;
	if (data[size - 1] & 1)
		cfg.initrd.size = 0;
	size_t room = size + data[size - 1] * 4u;
	uint8_t *buf = malloc(room); /* aligned for anything */
	CHECK(buf);
	int n = dtb_fill((struct blob){data, size}, &cfg, buf, room, &e);
	if (n < 0) {
		CHECK(e.text[0]);
		free(buf);
		return 0;
	}
	CHECK((size_t)n <= room && fdt_check_full(buf, (size_t)n) == 0);
	int chosen = fdt_path_offset(buf, "/chosen");
	CHECK(chosen >= 0);
	const char *line = fdt_getprop(buf, chosen, "bootargs", NULL);
	CHECK(line && strcmp(line, cfg.cmdline) == 0);
	CHECK(!fdt_getprop(buf, chosen, "linux,initrd-end", NULL) == !cfg.initrd.size);
	CHECK(fdt_node_offset_by_prop_value(buf, -1, "device_type", "memory", 7) >= 0);
	free(buf);
	return 0;
}
