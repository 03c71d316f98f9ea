/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console between the guest's UART and the user. Input comes from stdin; output goes to stdout,
 * to the log and to those who watch its lines. It outlives a VM that is restarted. This is the
 * front door of console/.
 */
#ifndef VMM_CONSOLE_CONSOLE_H
#define VMM_CONSOLE_CONSOLE_H

#include "vmm/base/timeline.h"
#include "vmm/console/console_config.h"
#include "vmm/console/input.h"
#include "vmm/console/log.h"
#include "vmm/console/output.h"
#include "vmm/console/silence.h"
#include "vmm/machine/devices/device.h"
#include "vmm/watch/mark.h"
#include "vmm/watch/tail.h"
#include "vmm/watch/watch.h"

/*
 * The UART's side is called by one thread at a time, under the lock of the devices: tail, marks and
 * on_mark have no lock of their own, and are read only when no vCPU runs. Locks are taken in this
 * order: that of the devices, then input_lock or the one in silence.
 */
struct console {
	pthread_mutex_t input_lock;
	struct input in;       /* under input_lock */
	bool waiting_for_room; /* the loop does not read stdin; under input_lock */
	struct output out;
	struct tail tail;
	struct mark_watch marks;
	struct silence silence;
	struct watch watch; /* used by the console's thread until it has ended */
	bool all_seen;      /* every expectation was met; atomic */
	bool failed;        /* a --fail-on pattern was seen; atomic */
	char failed_line[KERNEL_EVENT_LINE_BYTES]; /* in this line; printable ASCII, cut */
	struct log log;
	bool lost; /* the thread did not end: what it uses is not freed */
	struct stamp stamp;
	struct timeline *timeline; /* borrowed */
	/* Called, in the vCPU's thread that prints, when a byte completes a mark. NULL: nobody. */
	void (*on_mark)(void *opaque, enum mark mark);
	void *opaque;
	int wake_fd; /* the event loop's eventfd; borrowed */
};

/*
 * Starts the console's thread. *@c must be all zero; @cfg and @timeline are borrowed. on_mark is
 * set later, while a VM exists. Errors: a pattern, the log, memory, the thread. After an error the
 * console may only be read, for the reports; nothing is undone, because the process ends.
 */
int console_init(struct console *c, const struct console_config *cfg, struct timeline *timeline,
		 int wake_fd, struct err *e);

/* Takes @n bytes that the user typed. The caller then tells the UART that there may be input. */
enum input_command console_type(struct console *c, const uint8_t *bytes, size_t n);

/*
 * True when @n bytes from stdin can be taken. A terminal is always read, for its escape character;
 * a pipe is read only while there is room. After false, the loop is woken as soon as there is.
 */
bool console_takes_input(struct console *c, size_t n);

/*
 * Ends the thread and closes the log. The results of the watch no longer change. A thread that does
 * not end because it is matching a pattern is left alone; then c->lost is set.
 */
void console_stop(struct console *c);

/*
 * After console_stop(): how many bytes of the guest's output were not written in time, and how many
 * were not matched against the patterns. Both are 0 after an error of stdout, which is reported
 * elsewhere.
 */
uint64_t console_unwritten(const struct console *c);
uint64_t console_unmatched(const struct console *c);

/* Frees everything, unless the thread was lost. */
void console_fini(struct console *c);

/* The console as a UART's peer. */
struct chardev console_chardev(struct console *c);

#endif
