/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's side of the serial console: stdin and stdout, the escape character, what is watched
 * for in the output. It outlives a VM that is restarted.
 */
#ifndef VMM_CONSOLE_CONSOLE_H
#define VMM_CONSOLE_CONSOLE_H

#include "vmm/base/timeline.h"
#include "vmm/console/input.h"
#include "vmm/console/log.h"
#include "vmm/console/output.h"
#include "vmm/machine/devices/device.h"
#include "vmm/watch/mark.h"
#include "vmm/watch/tail.h"
#include "vmm/watch/watch.h"

struct console {
	struct input in; /* under the device lock */
	struct output out;
	struct tail tail;
	struct mark_watch marks;
	struct watch watch;                  /* the console's thread's, until that is done */
	bool all_seen;                       /* every expectation was met; atomic */
	bool failed;                         /* a --fail-on pattern was seen; atomic */
	char failed_line[REPORT_LINE_BYTES]; /* in this line; printable ASCII, cut */
	struct log log;
	bool lost; /* the thread did not end: what it uses is left to it */
	struct stamp stamp;
	struct timeline *timeline; /* borrowed */
	/* Called, under the device lock, with what a byte of output completed. */
	void (*on_mark)(void *opaque, enum mark mark);
	void *opaque;
	/* Under the device lock: that long a silence after this mark ends the run; it began then.
	 */
	enum mark awaited;
	uint64_t silence_ns, silent_since_ns; /* the latter CLOCK_MONOTONIC */
	bool waiting_for_room; /* the loop does not read stdin until the guest has read some */
	int wake_fd;           /* borrowed eventfd: the loop's */
};

/*
 * @c is all zero but for what the options set: in.escapes, out.muted, out.stamp, timeline,
 * watch.expect, watch.want_ktap, log. @on_mark is set when a VM is there. Errors: memory, thread.
 */
int console_init(struct console *c, int wake_fd, struct err *e);

/*
 * From now on @silence_ns of the console's silence end the run, for @mark was printed; MARK_NONE:
 * silence does not count any more. Under the device lock.
 */
void console_await_silence(struct console *c, enum mark mark, uint64_t silence_ns);

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
