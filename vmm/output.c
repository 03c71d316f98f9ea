/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's way out: see output.h. */
#include "vmm/output.h"

#include "vmm/thread.h"
#include "vmm/wake.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long the first byte after a pause waits for company: one write for many bytes. */
#define GATHER_NS 1000000L
#define LOW_BYTES (OUTPUT_HIGH_BYTES / 2)

/* Writes once. False: the reader is lost, or the run gave up. */
static bool write_some(struct output *o, const uint8_t *data, size_t len, size_t *written)
{
	ssize_t n = write(o->fd, data, len);
	*written = n > 0 ? (size_t)n : 0;
	if (n >= 0)
		return true;
	if (errno == EINTR)
		return true;
	if (errno == EAGAIN) { /* somebody else made the shared descriptor non-blocking */
		struct pollfd p = {.fd = o->fd, .events = POLLOUT};
		poll(&p, 1, -1);
		return true;
	}
	o->error = errno;
	return false;
}

/* Waits until there is something to write. False: the end. Called and returns with the lock. */
static bool wait_filled(struct output *o)
{
	static const struct timespec gather = {.tv_nsec = GATHER_NS};

	if (!o->count && !o->closing && !o->abandoned) {
		while (!o->count && !o->closing && !o->abandoned) {
			o->idle = true;
			pthread_cond_wait(&o->filled, &o->lock);
		}
		o->idle = false;
		if (!o->closing && !o->abandoned) {
			pthread_mutex_unlock(&o->lock);
			nanosleep(&gather, NULL);
			pthread_mutex_lock(&o->lock);
		}
	}
	return o->count && !o->abandoned;
}

static void consumed(struct output *o, size_t n)
{
	o->count -= n;
	o->first = o->count ? (o->first + n) % OUTPUT_RING_BYTES : 0; /* few pages stay in use */
	if (o->held_back && o->count < LOW_BYTES) {
		o->held_back = false;
		wake_set(o->wake_fd);
	}
}

static void *output_thread(void *arg)
{
	struct output *o = arg;
	bool alive = true;

	pthread_mutex_lock(&o->lock);
	while (alive && wait_filled(o)) {
		size_t run = OUTPUT_RING_BYTES - o->first;
		size_t len = o->count < run ? o->count : run, written;
		pthread_mutex_unlock(&o->lock);
		alive = write_some(o, o->ring + o->first, len, &written);
		pthread_mutex_lock(&o->lock);
		consumed(o, written);
	}
	o->done = true;
	pthread_mutex_unlock(&o->lock);
	wake_set(o->wake_fd);
	return NULL;
}

int output_init(struct output *o, int fd, int wake_fd, struct err *e)
{
	memset(o, 0, sizeof(*o));
	o->fd = fd;
	o->wake_fd = wake_fd;
	o->ring = malloc(OUTPUT_RING_BYTES);
	if (!o->ring)
		return err_set(e, "console: out of memory");
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->filled, NULL);
	if (thread_start(&o->thread, "console", output_thread, o, e)) {
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
		o->idle = false; /* one wake is enough */
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

void output_fini(struct output *o)
{
	pthread_mutex_lock(&o->lock);
	o->abandoned = true;
	pthread_cond_signal(&o->filled);
	pthread_mutex_unlock(&o->lock);
	thread_end(&o->thread);
	pthread_cond_destroy(&o->filled);
	pthread_mutex_destroy(&o->lock);
	free(o->ring);
}
