/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's output: see output.h. */
#include "vmm/console/output.h"

#include "vmm/base/clock.h"
#include "vmm/base/thread.h"
#include "vmm/base/wake.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long the first byte after a pause waits for more, so that many bytes need only one write. */
#define GATHER_NS 1000000L
#define LOW_BYTES (OUTPUT_HIGH_BYTES / 2)
/* A thread that a kick does not end within this time is in the tap. */
#define STOP_NS (100 * NS_PER_MS)

/* Calls write() once. False: it failed. */
static bool write_some(struct output *o, const uint8_t *data, size_t len, size_t *written)
{
	ssize_t n = write(o->fd, data, len);
	*written = n > 0 ? (size_t)n : 0;
	if (n >= 0)
		return true;
	if (errno == EINTR)
		return true;
	if (errno == EAGAIN) { /* another process made the shared descriptor non-blocking */
		struct pollfd p = {.fd = o->fd, .events = POLLOUT};
		poll(&p, 1, -1);
		return true;
	}
	o->error = errno;
	return false;
}

/* Releases the lock for the tap, which may take long. Called and returns with the lock held. */
static void tell_of_silence(struct output *o)
{
	o->fresh = false;
	pthread_mutex_unlock(&o->lock);
	o->tap.seen(o->tap.opaque, NULL, 0, clock_now_ns());
	pthread_mutex_lock(&o->lock);
}

/*
 * Waits for bytes, and tells the tap after a while without any. Called and returns with the lock
 * held.
 */
static void wait_for_bytes(struct output *o)
{
	struct timespec until;
	int late = 0;

	o->idle = true;
	if (!o->fresh) {
		pthread_cond_wait(&o->filled, &o->lock);
	} else {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += OUTPUT_IDLE_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		late = pthread_cond_timedwait(&o->filled, &o->lock, &until);
	}
	o->idle = false;
	if (late && !o->count)
		tell_of_silence(o);
}

/* Waits for something to write. False: the end. Called and returns with the lock held. */
static bool wait_filled(struct output *o)
{
	static const struct timespec gather = {.tv_nsec = GATHER_NS};

	if (!o->count && !o->closing && !o->abandoned) {
		while (!o->count && !o->closing && !o->abandoned)
			wait_for_bytes(o);
		if (!o->closing && !o->abandoned) {
			pthread_mutex_unlock(&o->lock);
			nanosleep(&gather, NULL);
			pthread_mutex_lock(&o->lock);
		}
	}
	return o->count && !o->abandoned;
}

/* No piece goes beyond the ring's end: after one that is not whole, the ring begins anew. */
_Static_assert(OUTPUT_RING_BYTES % OUTPUT_PIECE_BYTES == 0, "pieces fill the ring");

/* Takes the next bytes out of the ring. The caller holds the lock. */
static size_t take_piece(struct output *o, uint8_t *piece)
{
	size_t n = o->count < OUTPUT_PIECE_BYTES ? o->count : OUTPUT_PIECE_BYTES;

	memcpy(piece, o->ring + o->first, n);
	o->count -= n;
	o->unwritten = o->unseen = n;
	o->first = o->count ? (o->first + n) % OUTPUT_RING_BYTES : 0; /* few pages stay in use */
	o->fresh = true;
	if (o->held_back && o->count < LOW_BYTES) {
		o->held_back = false;
		wake_set(o->wake_fd);
	}
	return n;
}

static bool is_abandoned(struct output *o)
{
	pthread_mutex_lock(&o->lock);
	bool abandoned = o->abandoned;
	pthread_mutex_unlock(&o->lock);
	return abandoned;
}

/* Writes all of it. False: a write failed, or the run gave up. */
static bool write_all(struct output *o, const uint8_t *data, size_t len)
{
	size_t written;

	for (; len; data += written, len -= written)
		if (!write_some(o, data, len, &written) || (!written && is_abandoned(o)))
			return false;
	return true;
}

/* Passes one piece to the tap and to stdout. False: a write failed, or the run gave up. */
static bool pass_on(struct output *o, const uint8_t *data, size_t n)
{
	uint8_t stamped[OUTPUT_PIECE_BYTES];
	size_t most = o->stamp ? sizeof(stamped) / (STAMP_BYTES + 1) : n;
	uint64_t now = clock_now_ns();

	__atomic_store_n(&o->last_ns, now, __ATOMIC_RELAXED);
	o->tap.seen(o->tap.opaque, data, n, now);
	__atomic_store_n(&o->unseen, 0, __ATOMIC_RELAXED);
	if (is_abandoned(o)) /* the tap took long, and the run gave up in the meantime */
		return false;
	for (size_t at = 0, len; at < n; at += len) {
		const uint8_t *piece = data + at;
		len = n - at < most ? n - at : most;
		size_t bytes = len;
		if (o->stamp) {
			bytes = stamp_lines(o->stamp, now, piece, len, stamped);
			piece = stamped;
		}
		o->tap.shown(o->tap.opaque, piece, bytes);
		if (!o->muted && (is_abandoned(o) || !write_all(o, piece, bytes)))
			return false;
		__atomic_sub_fetch(&o->unwritten, len, __ATOMIC_RELAXED);
	}
	return true;
}

static void *output_thread(void *arg)
{
	struct output *o = arg;
	uint8_t piece[OUTPUT_PIECE_BYTES];
	bool alive = true;

	pthread_mutex_lock(&o->lock);
	while (alive && wait_filled(o)) {
		size_t n = take_piece(o, piece);
		pthread_mutex_unlock(&o->lock);
		alive = pass_on(o, piece, n);
		pthread_mutex_lock(&o->lock);
	}
	if (!o->abandoned)
		tell_of_silence(o);
	o->done = true;
	pthread_mutex_unlock(&o->lock);
	wake_set(o->wake_fd);
	return NULL;
}

int output_init(struct output *o, int fd, int wake_fd, size_t stack_bytes, struct err *e)
{
	o->fd = fd;
	o->wake_fd = wake_fd;
	o->ring = malloc(OUTPUT_RING_BYTES);
	if (!o->ring)
		return err_set(e, "console: out of memory");
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->filled, NULL);
	if (thread_start(&o->thread, "console", stack_bytes, output_thread, o, e)) {
		free(o->ring);
		return -1;
	}
	return 0;
}

void output_put(struct output *o, uint8_t byte)
{
	pthread_mutex_lock(&o->lock);
	if (o->count == OUTPUT_RING_BYTES)
		o->dropped++;
	else
		o->ring[(o->first + o->count++) % OUTPUT_RING_BYTES] = byte;
	if (o->idle) {
		o->idle = false; /* one signal is enough */
		pthread_cond_signal(&o->filled);
	}
	pthread_mutex_unlock(&o->lock);
}

bool output_writable(struct output *o)
{
	pthread_mutex_lock(&o->lock);
	bool yes = o->count < OUTPUT_HIGH_BYTES || o->done;
	if (!yes)
		o->held_back = true;
	pthread_mutex_unlock(&o->lock);
	return yes;
}

int output_error(struct output *o)
{
	pthread_mutex_lock(&o->lock);
	int error = o->done ? o->error : 0;
	pthread_mutex_unlock(&o->lock);
	return error;
}

void output_close(struct output *o)
{
	pthread_mutex_lock(&o->lock);
	o->closing = true;
	pthread_cond_signal(&o->filled);
	pthread_mutex_unlock(&o->lock);
}

bool output_done(struct output *o)
{
	pthread_mutex_lock(&o->lock);
	bool done = o->done;
	pthread_mutex_unlock(&o->lock);
	return done;
}

bool output_stop(struct output *o)
{
	pthread_mutex_lock(&o->lock);
	o->abandoned = true;
	pthread_cond_signal(&o->filled);
	pthread_mutex_unlock(&o->lock);
	return thread_end_within(&o->thread, STOP_NS);
}

uint64_t output_unwritten(const struct output *o)
{
	return o->count + __atomic_load_n(&o->unwritten, __ATOMIC_RELAXED);
}

uint64_t output_unseen(const struct output *o)
{
	return o->count + __atomic_load_n(&o->unseen, __ATOMIC_RELAXED);
}

void output_fini(struct output *o)
{
	pthread_cond_destroy(&o->filled);
	pthread_mutex_destroy(&o->lock);
	free(o->ring);
}
