/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console's output: a ring between the vCPUs and a thread that writes to stdout, so that a slow
 * reader does not stall a vCPU.
 *
 * Above OUTPUT_HIGH_BYTES the ring is not writable, and the UART slows the guest down (THRE reads
 * 0). A guest that ignores this can fill the ring up to OUTPUT_RING_BYTES.
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

/* Functions that get the bytes before they are written. Called in the console's thread. */
struct output_tap {
	/*
	 * The bytes as the guest sent them, and when they were taken out of the ring
	 * (CLOCK_MONOTONIC). @n of 0: there were none for OUTPUT_IDLE_MS.
	 */
	void (*seen)(void *opaque, const uint8_t *data, size_t n, uint64_t now_ns);
	/* The bytes as they go to stdout, time stamps included. */
	void (*shown)(void *opaque, const uint8_t *data, size_t n);
	void *opaque;
};

enum { OUTPUT_IDLE_MS = 100, OUTPUT_PIECE_BYTES = 4096 };

enum { OUTPUT_RING_BYTES = 1 << 20, OUTPUT_HIGH_BYTES = OUTPUT_RING_BYTES / 2 };

struct output {
	int fd;      /* borrowed: stdout; its flags are never changed */
	int wake_fd; /* borrowed eventfd: there is room again, an error, or the thread has ended */
	struct output_tap tap;
	bool muted;          /* nothing goes to @fd */
	struct stamp *stamp; /* borrowed; NULL: no time stamps */
	uint64_t last_ns;    /* when the last output was taken; CLOCK_MONOTONIC; atomic */
	bool fresh;          /* there was output since the tap was last told of a silence */
	struct thread thread;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	uint8_t *ring; /* OUTPUT_RING_BYTES */
	size_t first, count;
	/* How much of the piece in the thread is not written, not seen by the tap; atomic. */
	size_t unwritten, unseen;
	uint64_t dropped; /* bytes that were lost because the ring was full */
	bool idle;        /* the thread waits for bytes */
	bool held_back;   /* output_writable() has returned false since there was room */
	bool closing;     /* the thread ends when the ring is empty */
	bool abandoned;   /* the thread ends now */
	bool done;        /* the thread has nothing more to do */
	int error;        /* errno of the write that failed; 0: none */
};

/*
 * Starts the thread, with a stack that must be large enough for the tap. @o must be all zero,
 * except tap, muted and stamp, which the caller has set. Errors: memory, thread.
 */
int output_init(struct output *o, int fd, int wake_fd, size_t stack_bytes, struct err *e);

/* Takes one byte; never waits. */
void output_put(struct output *o, uint8_t byte);

/* False: the sender should wait; wake_fd is written when there is room again. */
bool output_writable(struct output *o);

/* The errno of a failed write to stdout, or 0. */
int output_error(struct output *o);

/* Announces that no more bytes will come. wake_fd is written when output_done() becomes true. */
void output_close(struct output *o);
bool output_done(struct output *o);

/*
 * Ends the thread, even if the ring is not empty. False: the thread is still in the tap, so @o and
 * what the tap uses must stay valid; it writes nothing more.
 */
bool output_stop(struct output *o);

/* After output_stop(): how many of the guest's bytes were not written, not seen by the tap. */
uint64_t output_unwritten(const struct output *o);
uint64_t output_unseen(const struct output *o);

/* Frees the ring. The thread must have ended. */
void output_fini(struct output *o);

#endif
