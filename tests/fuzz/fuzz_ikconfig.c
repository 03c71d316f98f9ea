/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a kernel that may carry its configuration, and the text of one. */
#include "image_check.h"
#include "loader/banner.h"
#include "loader/ikconfig.h"

static void check_values(struct blob text)
{
	static const char *const names[] = {"PVH", "A", ""};
	struct blob value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ikconfig_value(text, names[i], &value)) {
			CHECK(value.data >= text.data &&
			      value.data + value.size <= text.data + text.size);
			CHECK(!memchr(value.data, '\n', value.size));
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob kernel = {data, size};
	struct unpacked text;
	struct err e = {""};
	char banner[48];

	banner_find(kernel, banner, sizeof(banner));
	CHECK(strlen(banner) == 0 || strncmp(banner, "Linux version ", 14) == 0);
	check_values(kernel);
	if (ikconfig_unpack(kernel, &text, &e)) {
		check_error(&e);
		CHECK(!text.data);
		return 0;
	}
	check_values((struct blob){text.data, text.size});
	unpacked_free(&text);
	return 0;
}
