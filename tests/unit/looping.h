/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A loop without a VM: the console is real, with pipes for stdin, stdout and stderr, and so are the
 * signals. What the loop asks the machine, the terminal and the heartbeat for is noted here.
 */
#ifndef TESTS_UNIT_LOOPING_H
#define TESTS_UNIT_LOOPING_H

#include "stdfd.h"
#include "vmm/run/loop.h"

struct looping {
	struct run_config cfg;
	struct console_config console_cfg;
	struct console console;
	struct timeline timeline;
	struct stop stop;
	struct loop loop;
	struct vm vm; /* without vCPUs */
	struct stdfd in, out, err;
};

/* What the parts that are stood in for are to answer, and how often they were asked. */
struct answers {
	uint64_t stopped_ns; /* the process was stopped that long, in one wait */
	bool beat_is_due, still;
	int alarm_ms;
	bool tty_is_ours;
};
struct notes {
	unsigned waits, starts, beats, still_beats, told_of_stop, console_changed;
	uint64_t most_ns; /* of the last wait */
	unsigned raw, restored;
};
extern struct answers answers;
extern struct notes notes;

/* cfg and console_cfg are set up before. The console's thread runs. */
void looping_start(struct looping *l);

/* Whatever is still there of the console's thread is ended. */
void looping_end(struct looping *l);

/* All zero but for what a healthy machine answers. */
struct looping *looping_new(void);

#endif
