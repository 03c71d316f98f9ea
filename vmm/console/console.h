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

struct console {
	pthread_mutex_t input_lock;
	struct input in;       /* under input_lock */
	bool waiting_for_room; /* the loop does not read stdin until the guest has read some */
	struct output out;
	struct tail tail;
	struct mark_watch marks;
	struct silence silence;
	struct watch watch;                        /* the console's thread's, until that is done */
	bool all_seen;                             /* every expectation was met; atomic */
	bool failed;                               /* a --fail-on pattern was seen; atomic */
	char failed_line[KERNEL_EVENT_LINE_BYTES]; /* in this line; printable ASCII, cut */
	struct log log;
	bool lost; /* the thread did not end: what it uses is left to it */
	struct stamp stamp;
	struct timeline *timeline; /* borrowed */
	/* Called, in the thread that prints, with what a byte of output completed. NULL: nobody. */
	void (*on_mark)(void *opaque, enum mark mark);
	void *opaque;
	int wake_fd; /* borrowed eventfd: the loop's */
};

/*
 * Starts the console's thread. *@c is all zero; @cfg and @timeline are borrowed. @on_mark is set
 * while a VM is there. Errors: a pattern, the log, memory, the thread; after one the console is not
 * to be used, and nothing is undone: the process ends.
 */
int console_init(struct console *c, const struct console_config *cfg, struct timeline *timeline,
		 int wake_fd, struct err *e);

/* The user typed @n bytes. The caller then lets the UART know that there may be input. */
enum input_command console_type(struct console *c, const uint8_t *bytes, size_t n);

/*
 * True when up to @n bytes from stdin can be taken. A terminal is always read, for its escapes; a
 * pipe only while there is room for what it has. After false the loop is woken when there is.
 */
bool console_takes_input(struct console *c, size_t n);

/*
 * Ends the thread, and closes the log: what was watched for stays as it is. A thread that does not
 * end, for it looks for a pattern, is left to itself: then @lost.
 */
void console_stop(struct console *c);

/*
 * After console_stop(): how many bytes the guest printed in vain, for nobody got them in time, and
 * in how many no pattern was looked for. An error of stdout is no news here.
 */
uint64_t console_unwritten(const struct console *c);
uint64_t console_unmatched(const struct console *c);

/* Nothing happens to what a lost thread uses. */
void console_fini(struct console *c);

/* The console as a UART's peer. */
struct chardev console_chardev(struct console *c);

#endif
