/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's way out: what is put in comes out, to stdout and to those who look at it. */
#include "suite.h"
#include "vmm/console/output.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MIB = 1 << 20, SENT = 3 * MIB };

/* All that one side of the tap or the pipe got. */
struct got {
	uint8_t *data;
	size_t n;
};

struct taps {
	struct got seen, shown;
	unsigned silences;
};

static void take(struct got *g, const uint8_t *data, size_t n)
{
	ck_assert_uint_le(g->n + n, SENT);
	if (n) /* silence has no bytes */
		memcpy(g->data + g->n, data, n);
	g->n += n;
}

static void seen(void *opaque, const uint8_t *data, size_t n, uint64_t now_ns)
{
	struct taps *t = opaque;

	ck_assert_uint_gt(now_ns, 0);
	take(&t->seen, data, n);
	t->silences += n == 0;
}

static void shown(void *opaque, const uint8_t *data, size_t n)
{
	struct taps *t = opaque;
	take(&t->shown, data, n);
}

/* The reader of the pipe. */
static void *read_all(void *opaque)
{
	static uint8_t piece[1000];
	struct got *g = ((void **)opaque)[0];
	int fd = *(int *)((void **)opaque)[1];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0)
		take(g, piece, (size_t)n);
	return NULL;
}

/* Lines of 1 MiB of every byte but the newline. */
static uint8_t sent_byte(size_t i)
{
	uint8_t c = (uint8_t)(i * 7);

	return i % MIB == MIB - 1 ? '\n' : c == '\n' ? '.' : c;
}

static void check_got(const struct got *g)
{
	ck_assert_uint_eq(g->n, SENT);
	for (size_t i = 0; i < SENT; i++)
		if (g->data[i] != sent_byte(i))
			ck_abort_msg("byte %zu", i);
}

/* As a guest that obeys THRE. */
static void send_all(struct output *o, int wake_fd)
{
	uint64_t woken;

	for (size_t i = 0; i < SENT; i++) {
		while (!output_writable(o))
			ck_assert_int_eq(read(wake_fd, &woken, sizeof(woken)), sizeof(woken));
		output_put(o, sent_byte(i));
	}
	output_close(o);
	while (!output_done(o))
		ck_assert_int_eq(read(wake_fd, &woken, sizeof(woken)), sizeof(woken));
}

START_TEST(lines_of_1_MiB_are_neither_lost_nor_changed)
{
	int pipe_fd[2], wake_fd = eventfd(0, 0);
	struct got out = {malloc(SENT), 0};
	struct taps taps = {{malloc(SENT), 0}, {malloc(SENT), 0}, 0};
	void *args[] = {&out, &pipe_fd[0]};
	struct output o = {.tap = {seen, shown, &taps}};
	pthread_t reader;
	struct err e;

	ck_assert_int_eq(pipe(pipe_fd), 0);
	ck_assert_int_eq(pthread_create(&reader, NULL, read_all, args), 0);
	ck_assert_msg(output_init(&o, pipe_fd[1], wake_fd, THREAD_STACK_BYTES, &e) == 0, "%s",
		      e.text);
	send_all(&o, wake_fd);
	ck_assert_uint_eq(o.dropped, 0);
	ck_assert_int_eq(output_error(&o), 0);
	ck_assert(output_stop(&o));
	output_fini(&o);
	close(pipe_fd[1]);
	pthread_join(reader, NULL);
	check_got(&out);
	check_got(&taps.seen);
	check_got(&taps.shown);
	ck_assert_uint_ge(taps.silences, 1); /* at the end at least */
	free(out.data);
	free(taps.seen.data);
	free(taps.shown.data);
	close(pipe_fd[0]);
	close(wake_fd);
}
END_TEST

static void see_nothing(void *opaque, const uint8_t *data, size_t n, uint64_t now_ns)
{
	(void)opaque, (void)data, (void)n, (void)now_ns;
}

static void show_nothing(void *opaque, const uint8_t *data, size_t n)
{
	(void)opaque, (void)data, (void)n;
}

/* Nobody reads: the ring is the bound, and what it does not take is counted. */
START_TEST(a_guest_that_is_not_held_back_loses_bytes_not_memory)
{
	int pipe_fd[2], wake_fd = eventfd(0, 0);
	struct output o = {.tap = {see_nothing, show_nothing, NULL}};
	struct err e;

	ck_assert_int_eq(pipe(pipe_fd), 0);
	ck_assert_msg(output_init(&o, pipe_fd[1], wake_fd, THREAD_STACK_BYTES, &e) == 0, "%s",
		      e.text);
	for (size_t i = 0; i < SENT; i++)
		output_put(&o, sent_byte(i));
	ck_assert(!output_writable(&o));
	/* The pipe's buffer and a piece in the thread's hands are all that got out. */
	ck_assert_uint_ge(o.dropped, SENT - OUTPUT_RING_BYTES - 2 * MIB / 4);
	ck_assert(output_stop(&o));
	output_fini(&o);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	close(wake_fd);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("output");
	TCase *t = tcase_create("output");

	thread_setup();
	tcase_set_timeout(t, 60);
	tcase_add_test(t, lines_of_1_MiB_are_neither_lost_nor_changed);
	tcase_add_test(t, a_guest_that_is_not_held_back_loses_bytes_not_memory);
	suite_add_tcase(s, t);
	return run_suite(s);
}
