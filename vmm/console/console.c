/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's side of the console: see console.h. */
#include "vmm/console/console.h"

#include "vmm/base/clock.h"
#include "vmm/base/wake.h"
#include "vmm/console/patterns.h"
#include "vmm/watch/printk.h"

#include <unistd.h>

static bool console_writable(void *opaque)
{
	struct console *c = opaque;
	return output_writable(&c->out);
}

static void console_write(void *opaque, uint8_t byte)
{
	struct console *c = opaque;

	if (!c->tail.n)
		timeline_mark(c->timeline, MOMENT_FIRST_CONSOLE_BYTE);
	output_put(&c->out, byte);
	tail_add(&c->tail, (char)byte);
	silence_break(&c->silence, byte);
	enum mark mark = mark_watch_add(&c->marks, (char)byte);
	if (mark != MARK_NONE && c->on_mark)
		c->on_mark(c->opaque, mark);
}

static size_t console_read(void *opaque, uint16_t *dst, size_t max)
{
	struct console *c = opaque;

	pthread_mutex_lock(&c->input_lock);
	size_t n = input_take(&c->in, dst, max);
	bool has_room = n && c->waiting_for_room;
	pthread_mutex_unlock(&c->input_lock);
	if (has_room)
		wake_set(c->wake_fd); /* the loop may read stdin again */
	return n;
}

enum input_command console_type(struct console *c, const uint8_t *bytes, size_t n)
{
	pthread_mutex_lock(&c->input_lock);
	enum input_command command = input_add(&c->in, bytes, n);
	pthread_mutex_unlock(&c->input_lock);
	return command;
}

bool console_takes_input(struct console *c, size_t n)
{
	pthread_mutex_lock(&c->input_lock);
	bool takes = c->in.escapes || input_room(&c->in) >= n;
	c->waiting_for_room = !takes;
	pthread_mutex_unlock(&c->input_lock);
	return takes;
}

static void seen(void *opaque, const uint8_t *data, size_t n, uint64_t now_ns)
{
	struct console *c = opaque;

	if (n)
		watch_feed(&c->watch, data, n, now_ns);
	else
		watch_idle(&c->watch, now_ns);
}

static void shown(void *opaque, const uint8_t *data, size_t n)
{
	struct console *c = opaque;
	log_write(&c->log, data, n);
}

/* Called in the console's thread. The event loop acts on it. */
static void watch_event(void *opaque, enum watch_event event, const char *line)
{
	struct console *c = opaque;

	if (c->failed)
		return;
	if (event == WATCH_FAILED)
		printable_copy(c->failed_line, sizeof(c->failed_line), line);
	__atomic_store_n(event == WATCH_FAILED ? &c->failed : &c->all_seen, true, __ATOMIC_RELEASE);
	wake_set(c->wake_fd);
}

static void set_options(struct console *c, const struct console_config *cfg)
{
	c->in.escapes = isatty(STDIN_FILENO);
	c->out.muted = cfg->quiet;
	c->watch.want_ktap = cfg->ktap;
	if (cfg->timestamps) {
		c->stamp.start_ns = clock_now_ns();
		c->out.stamp = &c->stamp;
	}
}

int console_init(struct console *c, const struct console_config *cfg, struct timeline *timeline,
		 int wake_fd, struct err *e)
{
	set_options(c, cfg);
	c->timeline = timeline;
	c->wake_fd = wake_fd;
	c->watch.on_event = watch_event;
	c->watch.opaque = c;
	c->out.tap = (struct output_tap){seen, shown, c};
	pthread_mutex_init(&c->input_lock, NULL);
	silence_init(&c->silence);
	if (patterns_compile(cfg, &c->watch, e))
		return -1;
	if (cfg->log && log_open(&c->log, cfg->log, e))
		return err_context(e, "--log");
	if (watch_init(&c->watch, e))
		return -1;
	bool matches = expect_any(&c->watch.expect) || c->watch.known.n;
	return output_init(&c->out, STDOUT_FILENO, wake_fd,
			   THREAD_STACK_BYTES + (matches ? MATCHER_STACK_BYTES : 0), e);
}

void console_stop(struct console *c)
{
	__atomic_store_n(&c->log.hurried, true, __ATOMIC_RELAXED);
	c->lost = !output_stop(&c->out);
	watch_end(&c->watch, !c->lost, clock_now_ns());
	if (!c->lost)
		log_close(&c->log);
}

uint64_t console_unwritten(const struct console *c)
{
	bool is_wanted = !c->out.muted || c->log.path;

	return is_wanted && !c->out.error ? output_unwritten(&c->out) : 0;
}

uint64_t console_unmatched(const struct console *c)
{
	if (!expect_any(&c->watch.expect) || c->out.error)
		return 0;
	return c->watch.unmatched + output_unseen(&c->out);
}

void console_fini(struct console *c)
{
	if (c->lost)
		return;
	output_fini(&c->out);
	watch_fini(&c->watch);
	silence_fini(&c->silence);
	pthread_mutex_destroy(&c->input_lock);
}

struct chardev console_chardev(struct console *c)
{
	return (struct chardev){console_writable, console_write, console_read, c};
}
