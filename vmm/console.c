/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's side of the console: see console.h. */
#include "vmm/console.h"

#include "vmm/wake.h"

#include <unistd.h>

static bool console_writable(void *opaque)
{
	struct console *c = opaque;
	return output_writable(&c->out);
}

static void console_write(void *opaque, uint8_t byte)
{
	struct console *c = opaque;

	output_put(&c->out, byte);
	tail_add(&c->tail, (char)byte);
	enum panic_found found = panic_watch_add(&c->panic, (char)byte);
	if (found != PANIC_NONE && c->on_panic)
		c->on_panic(c->opaque, found);
}

static size_t console_read(void *opaque, uint8_t *dst, size_t max)
{
	struct console *c = opaque;

	if (input_empty(&c->in))
		return 0;
	size_t n = input_take(&c->in, dst, max);
	if (c->waiting_for_room)
		wake_set(c->wake_fd); /* the loop may read stdin again */
	return n;
}

int console_init(struct console *c, int wake_fd, bool escapes, struct err *e)
{
	c->in.escapes = escapes;
	c->wake_fd = wake_fd;
	return output_init(&c->out, STDOUT_FILENO, wake_fd, e);
}

void console_fini(struct console *c)
{
	output_fini(&c->out);
}

struct chardev console_chardev(struct console *c)
{
	return (struct chardev){console_writable, console_write, console_read, c};
}
