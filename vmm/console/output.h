/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console's way out: a ring between the vCPUs and a thread that writes stdout, so that a slow
 * reader does not stall a vCPU.
 *
 * Above OUTPUT_HIGH_BYTES the ring says that it is not writable, and the UART holds the guest back
 * (THRE reads 0); what a guest sends all the same is taken up to OUTPUT_RING_BYTES.
 */
#ifndef VMM_CONSOLE_OUTPUT_H
#define VMM_CONSOLE_OUTPUT_H

#include "loader/err.h"
#include "vmm/base/thread.h"
#include "vmm/console/stamp.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What sees the bytes before they are written. In the console's thread. */
struct output_tap {
	/*
	 * The bytes as the guest sent them, and when they were taken (CLOCK_MONOTONIC); @n of 0:
	 * nothing came for OUTPUT_IDLE_MS.
	 */
	void (*seen)(void *opaque, const uint8_t *data, size_t n, uint64_t now_ns);
	/* The bytes as they go to stdout, time stamps and all. */
	void (*shown)(void *opaque, const uint8_t *data, size_t n);
	void *opaque;
};

enum { OUTPUT_IDLE_MS = 100, OUTPUT_PIECE_BYTES = 4096 };

enum { OUTPUT_RING_BYTES = 1 << 20, OUTPUT_HIGH_BYTES = OUTPUT_RING_BYTES / 2 };

struct output {
	int fd;      /* borrowed: stdout; its flags are never changed */
	int wake_fd; /* borrowed eventfd, written when there is room again, at the end, on an error
		      */
	struct output_tap tap;
	bool muted;          /* nothing goes to @fd */
	struct stamp *stamp; /* borrowed; NULL: no time stamps */
	uint64_t last_ns;    /* when the guest's last output was seen, CLOCK_MONOTONIC; atomic */
	bool fresh;          /* something came since the tap was last told of silence */
	struct thread thread;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	uint8_t *ring; /* OUTPUT_RING_BYTES */
	size_t first, count;
	/* Of what the thread took out of the ring: what is not written, not seen yet; atomic. */
	size_t unwritten, unseen;
	uint64_t dropped; /* bytes that a guest sent to a full ring in spite of THRE */
	bool idle;        /* the thread waits for bytes */
	bool held_back;   /* somebody was told that the ring is not writable */
	bool closing;     /* the thread ends when the ring is empty */
	bool abandoned;   /* the thread ends now */
	bool done;        /* the thread has nothing more to do */
	int error;        /* errno of the write that failed; 0: none */
};

/*
 * Starts the thread, with a stack that is large enough for the tap. @o is all zero but for tap,
 * muted and stamp, which stay as they are. Errors: memory, thread.
 */
int output_init(struct output *o, int fd, int wake_fd, size_t stack_bytes, struct err *e);

/* Takes one byte; never waits. */
void output_put(struct output *o, uint8_t byte);

/* False: hold back; wake_fd is written when that changes. */
bool output_writable(struct output *o);

/* errno of a failed write to stdout, or 0. */
int output_error(struct output *o);

/* No more bytes will come. wake_fd is written when all are out: then output_done(). */
void output_close(struct output *o);
bool output_done(struct output *o);

/*
 * Ends the thread, whatever is still in the ring. False: the tap keeps it; @o and what the tap uses
 * must stay for it. It writes nothing more.
 */
bool output_stop(struct output *o);

/* After output_stop(): how many of the guest's bytes were not written, were not seen. */
uint64_t output_unwritten(const struct output *o);
uint64_t output_unseen(const struct output *o);

/* Frees. The thread has ended. */
void output_fini(struct output *o);

#endif
