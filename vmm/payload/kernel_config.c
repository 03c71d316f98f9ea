/* SPDX-License-Identifier: BSD-3-Clause */
/* What a kernel's configuration says about its console: see kernel_config.h. */
#include "vmm/payload/kernel_config.h"

#include "loader/ikconfig.h"

/* Names: Linux's Kconfig files. */
static const char *const needed[] = {
	"CONFIG_PRINTK",
	"CONFIG_SERIAL_8250",
	"CONFIG_SERIAL_8250_CONSOLE",
};

static bool is_set(struct blob text, const char *option)
{
	return ikconfig_state(text, option + sizeof("CONFIG_") - 1) == IKCONFIG_Y;
}

static struct kernel_console read_console(struct blob text)
{
	struct kernel_console c = {NULL, NULL};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]) && !c.lacks; i++)
		if (!is_set(text, needed[i]))
			c.lacks = needed[i];
	if (is_set(text, "CONFIG_VT_CONSOLE"))
		c.own = "tty0 (CONFIG_VT_CONSOLE)";
	return c;
}

struct kernel_console kernel_config_console(const struct gmem *mem, gpa_t start, gpa_t end)
{
	struct kernel_console c = {NULL, NULL};
	const uint8_t *at = gmem_at(mem, start, end - start);
	struct unpacked text;
	struct err e;

	if (!at || ikconfig_unpack((struct blob){at, end - start}, &text, &e))
		return c;
	if (text.data)
		c = read_console((struct blob){text.data, text.size});
	unpacked_free(&text);
	return c;
}
