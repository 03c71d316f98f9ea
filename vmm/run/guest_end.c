/* SPDX-License-Identifier: BSD-3-Clause */
/* How a guest ends by itself: see guest_end.h. */
#include "vmm/run/guest_end.h"

#include "loader/cmdline.h"
#include "vmm/base/clock.h"

/* How long a guest may be silent after its last words before it counts as ended. */
#define PANIC_NS        (3 * NS_PER_S)
#define CRASH_KERNEL_NS (60 * NS_PER_S) /* it is verified, and unpacks itself, before it prints */
#define POWER_DOWN_NS   (2 * NS_PER_S)

static void on_event(void *opaque, enum machine_event event, uint64_t value)
{
	struct guest_end *g = opaque;

	switch (event) {
	case EVENT_POWER_OFF:
		stop_set(g->stop, STOP_POWER_OFF, 0, -1, "%s", "");
		break;
	case EVENT_RESET:
		stop_set(g->stop, STOP_RESET, 0, -1, "%s", "");
		break;
	case EVENT_EXIT:
		stop_set(g->stop, STOP_EXIT, value, -1, "%s", "");
		break;
	case EVENT_PANIC:
		stop_set(g->stop, STOP_PANIC, 0, -1, "%s (pvpanic)", stop_panicked);
		break;
	case EVENT_CRASH_LOADED:
		stop_note_panic(g->stop);
		silence_await(&g->console->silence, MARK_NONE, 0); /* its crash kernel runs now */
		break;
	}
}

/* The kernel panicked. It may print more, reboot, or boot a crash kernel. */
static void on_panic(struct guest_end *g)
{
	stop_note_panic(g->stop);
	silence_await(&g->console->silence, MARK_PANIC,
		      g->may_crash_boot ? CRASH_KERNEL_NS : PANIC_NS);
	stop_wake(g->stop);
}

static void on_mark(void *opaque, enum mark mark)
{
	struct guest_end *g = opaque;

	switch (mark) {
	case MARK_NONE:
		break;
	case MARK_BANNER: /* after a panic, it is a crash kernel's, which may take its time */
		silence_await(&g->console->silence, MARK_NONE, 0);
		break;
	case MARK_PANIC:
		on_panic(g);
		break;
	case MARK_PANIC_END:
		stop_note_panic(g->stop);
		stop_set(g->stop, STOP_PANIC, 0, -1, "%s", stop_panicked);
		break;
	case MARK_POWER_DOWN: /* a guest that finds a power-off ends at once */
		silence_await(&g->console->silence, mark, POWER_DOWN_NS);
		stop_wake(g->stop);
		break;
	case MARK_HALTED:
		stop_set(g->stop, STOP_HALT, 0, -1, "the guest halted");
		break;
	case MARK_UNPACKING:
		stop_set(g->stop, STOP_CRASH, CRASH_OTHER, -1,
			 "the kernel could not unpack itself, and halted");
		break;
	}
}

void guest_end_watch(struct guest_end *g, const char *cmdline)
{
	/* A kernel that reserved no memory for a crash kernel cannot boot one. */
	g->may_crash_boot = cmdline_has(cmdline, "crashkernel");
	silence_await(&g->console->silence, MARK_NONE, 0);
	g->console->on_mark = on_mark;
	g->console->opaque = g;
}

void guest_end_unwatch(struct guest_end *g)
{
	g->console->on_mark = NULL;
}

struct event_line guest_end_events(struct guest_end *g)
{
	return (struct event_line){on_event, g};
}

void guest_end_silent(struct stop *stop, enum mark last_words)
{
	if (last_words == MARK_PANIC)
		stop_set(stop, STOP_PANIC, 0, -1, "%s", stop_panicked);
	else
		stop_set(stop, STOP_HALT, 0, -1, "the guest said that it powers down");
}
