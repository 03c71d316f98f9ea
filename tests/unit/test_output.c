/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's way out: what is put in comes out, to stdout and to those who look at it. */
#include "suite.h"
#include "vmm/console/output.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

enum { MIB = 1 << 20, SENT = 3 * MIB };

/* All that one side of the tap or the pipe got. */
struct got {
	uint8_t *data;
	size_t n;
};

struct taps {
	struct got seen, shown;
	unsigned silences; /* atomic */
	uint64_t at_ns[2]; /* of the last bytes, of the last silence */
};

static void take(struct got *g, const uint8_t *data, size_t n)
{
	ck_assert_uint_le(g->n + n, SENT);
	if (n) /* silence has no bytes */
		memcpy(g->data + g->n, data, n);
	__atomic_add_fetch(&g->n, n, __ATOMIC_RELEASE);
}

static void seen(void *opaque, const uint8_t *data, size_t n, uint64_t now_ns)
{
	struct taps *t = opaque;

	ck_assert_uint_gt(now_ns, 0);
	take(&t->seen, data, n);
	t->at_ns[n == 0] = now_ns;
	__atomic_add_fetch(&t->silences, n == 0, __ATOMIC_RELEASE);
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

static void open_pipe(int ends[2])
{
	ck_assert_int_eq(pipe(ends), 0);
}

/* Somebody else who has it, too, does not want to wait. */
static void open_pipe_that_is_full(int ends[2])
{
	open_pipe(ends);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
}

/* Takes a part of what is written. */
static void open_terminal(int ends[2])
{
	struct termios raw;

	ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
	ck_assert_int_ge(ends[0], 0);
	ck_assert_int_eq(grantpt(ends[0]), 0);
	ck_assert_int_eq(unlockpt(ends[0]), 0);
	ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY | O_NONBLOCK);
	ck_assert_int_eq(tcgetattr(ends[1], &raw), 0);
	cfmakeraw(&raw);
	ck_assert_int_eq(tcsetattr(ends[1], TCSANOW, &raw), 0);
}

static void (*const outs[])(int ends[2]) = {open_pipe, open_pipe_that_is_full, open_terminal};

/* Until the reader has all: a terminal forgets what is in it when it is closed. */
static void wait_until_read(const struct got *out)
{
	for (int i = 0; i < 20000 && __atomic_load_n(&out->n, __ATOMIC_ACQUIRE) < SENT; i++)
		usleep(1000);
}

START_TEST(lines_of_1_MiB_are_neither_lost_nor_changed)
{
	int pipe_fd[2], wake_fd = eventfd(0, 0);
	struct got out = {malloc(SENT), 0};
	struct taps taps = {{malloc(SENT), 0}, {malloc(SENT), 0}, 0, {0}};
	void *args[] = {&out, &pipe_fd[0]};
	struct output o = {.tap = {seen, shown, &taps}};
	pthread_t reader;
	struct err e;

	outs[_i](pipe_fd);
	ck_assert_int_eq(pthread_create(&reader, NULL, read_all, args), 0);
	ck_assert_msg(output_init(&o, pipe_fd[1], wake_fd, THREAD_STACK_BYTES, &e) == 0, "%s",
		      e.text);
	send_all(&o, wake_fd);
	ck_assert_uint_eq(o.dropped, 0);
	ck_assert_int_eq(output_error(&o), 0);
	ck_assert(output_stop(&o));
	output_fini(&o);
	wait_until_read(&out);
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

static int gate[2], entered[2];

/* Keeps the thread until the gate is closed. */
static void see_slowly(void *opaque, const uint8_t *data, size_t n, uint64_t now_ns)
{
	char byte;

	see_nothing(opaque, data, n, now_ns);
	ck_assert_int_eq(write(entered[1], "", 1), 1);
	while (read(gate[0], &byte, 1) < 0)
		;
}

/* The thread has one byte, and comes for no more: the counts are exact. */
START_TEST(a_ring_that_is_half_full_holds_back)
{
	int wake_fd = eventfd(0, 0);
	struct output o = {.tap = {see_slowly, show_nothing, NULL}, .muted = true};
	struct err e;
	char byte;

	ck_assert_int_eq(pipe(gate), 0);
	ck_assert_int_eq(pipe(entered), 0);
	ck_assert_int_eq(output_init(&o, STDOUT_FILENO, wake_fd, THREAD_STACK_BYTES, &e), 0);
	output_put(&o, 'x');
	ck_assert_int_eq(read(entered[0], &byte, 1), 1);
	while (output_writable(&o)) {
		ck_assert(!o.held_back);
		output_put(&o, 'x');
	}
	ck_assert(o.held_back);
	ck_assert_uint_eq(o.count, OUTPUT_HIGH_BYTES);
	for (size_t i = 0; i < OUTPUT_RING_BYTES; i++)
		output_put(&o, 'x');
	ck_assert_uint_eq(o.dropped, OUTPUT_HIGH_BYTES);
	ck_assert_uint_eq(output_unwritten(&o), OUTPUT_RING_BYTES + 1);
	ck_assert_uint_eq(output_unseen(&o), OUTPUT_RING_BYTES + 1);
	close(gate[1]);
	ck_assert(output_stop(&o));
	output_fini(&o);
	close(gate[0]);
	close(entered[0]);
	close(entered[1]);
	close(wake_fd);
}
END_TEST

/* A pause of OUTPUT_IDLE_MS is told of once, and not before. */
START_TEST(a_pause_is_told_of)
{
	int wake_fd = eventfd(0, 0);
	struct taps taps = {{malloc(SENT), 0}, {malloc(SENT), 0}, 0, {0}};
	struct output o = {.tap = {seen, shown, &taps}, .muted = true};
	struct err e;

	ck_assert_int_eq(output_init(&o, STDOUT_FILENO, wake_fd, THREAD_STACK_BYTES, &e), 0);
	for (unsigned pause = 1; pause <= 2; pause++) {
		output_put(&o, 'x');
		for (int i = 0; i < 20000; i++, usleep(1000))
			if (__atomic_load_n(&taps.silences, __ATOMIC_ACQUIRE) == pause)
				break;
		ck_assert_uint_eq(taps.silences, pause);
		ck_assert_uint_eq(taps.seen.n, pause);
		ck_assert_uint_ge(taps.at_ns[1] - taps.at_ns[0], OUTPUT_IDLE_MS / 2 * 1000000ull);
	}
	usleep(2 * OUTPUT_IDLE_MS * 1000);
	ck_assert_uint_eq(__atomic_load_n(&taps.silences, __ATOMIC_ACQUIRE), 2);
	ck_assert(output_stop(&o));
	output_fini(&o);
	free(taps.seen.data);
	free(taps.shown.data);
	close(wake_fd);
}
END_TEST

enum { STAMPED = 10000, STAMP = 15 };

/* Each of many empty lines has its stamp: a piece becomes many. */
START_TEST(stamps_need_room)
{
	int wake_fd = eventfd(0, 0);
	uint64_t woken;
	struct stamp stamp = {.start_ns = 0};
	struct taps taps = {{malloc(SENT), 0}, {malloc(SENT), 0}, 0, {0}};
	struct output o = {.tap = {seen, shown, &taps}, .muted = true, .stamp = &stamp};
	struct err e;

	ck_assert_int_eq(output_init(&o, STDOUT_FILENO, wake_fd, THREAD_STACK_BYTES, &e), 0);
	for (int i = 0; i < STAMPED; i++)
		output_put(&o, '\n');
	output_close(&o);
	while (!output_done(&o))
		ck_assert_int_eq(read(wake_fd, &woken, sizeof(woken)), sizeof(woken));
	ck_assert(output_stop(&o));
	ck_assert_uint_eq(output_unwritten(&o), 0);
	ck_assert_uint_eq(output_unseen(&o), 0);
	ck_assert_uint_eq(taps.seen.n, STAMPED);
	ck_assert_uint_ge(taps.shown.n, STAMPED * (STAMP + 1));
	for (size_t i = 0; i < STAMPED; i++)
		ck_assert_uint_eq(taps.seen.data[i], '\n');
	ck_assert_uint_eq(taps.shown.data[taps.shown.n - 1], '\n');
	output_fini(&o);
	free(taps.seen.data);
	free(taps.shown.data);
	close(wake_fd);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("output");
	TCase *t = tcase_create("output");

	thread_setup();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, lines_of_1_MiB_are_neither_lost_nor_changed, 0, COUNT(outs));
	tcase_add_test(t, a_ring_that_is_half_full_holds_back);
	tcase_add_test(t, a_pause_is_told_of);
	tcase_add_test(t, stamps_need_room);
	tcase_add_test(t, a_guest_that_is_not_held_back_loses_bytes_not_memory);
	suite_add_tcase(s, t);
	return run_suite(s);
}
