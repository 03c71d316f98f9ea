/* SPDX-License-Identifier: BSD-3-Clause */
/* The silence after a guest's last words: what begins it, breaks it, and when it is long enough. */
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/console/silence.h"

#include <check.h>
#include <string.h>

#define ENOUGH_NS (3 * NS_PER_S)

static struct silence silence;

/* Awaited after @after since an hour ago. */
static void begin(enum mark after)
{
	memset(&silence, 0xa5, sizeof(silence));
	silence_init(&silence);
	silence_await(&silence, after, ENOUGH_NS);
	silence.since_ns -= 3600 * NS_PER_S;
}

START_TEST(at_first_none_is_awaited)
{
	uint64_t deadline_ns;

	memset(&silence, 0xa5, sizeof(silence));
	silence_init(&silence);
	ck_assert_int_eq(silence_awaited(&silence, &deadline_ns), MARK_NONE);
	silence_fini(&silence);
}
END_TEST

START_TEST(it_counts_from_the_last_words)
{
	uint64_t deadline_ns, before_ns = clock_now_ns();

	silence_init(&silence);
	silence_await(&silence, MARK_PANIC, ENOUGH_NS);
	uint64_t after_ns = clock_now_ns();
	ck_assert_int_eq(silence_awaited(&silence, &deadline_ns), MARK_PANIC);
	ck_assert_uint_ge(deadline_ns, before_ns + ENOUGH_NS);
	ck_assert_uint_le(deadline_ns, after_ns + ENOUGH_NS);
	silence_fini(&silence);
}
END_TEST

static const struct {
	enum mark after;
	char byte;
	enum mark then;
	bool anew; /* it counts from that byte on */
} bytes[] = {
	{MARK_NONE, 'x', MARK_NONE, false},
	{MARK_PANIC, 'x', MARK_PANIC, true},
	{MARK_PANIC, '\n', MARK_PANIC, true},
	{MARK_POWER_DOWN, '\r', MARK_POWER_DOWN, true},
	{MARK_POWER_DOWN, '\n', MARK_POWER_DOWN, true},
	{MARK_POWER_DOWN, 'x', MARK_NONE, true}, /* what goes on printing has not ended */
	{MARK_POWER_DOWN, ' ', MARK_NONE, true},
};

START_TEST(a_byte_breaks_it)
{
	uint64_t old_ns, new_ns, now_ns;

	begin(bytes[_i].after);
	(void)silence_awaited(&silence, &old_ns);
	now_ns = clock_now_ns();
	silence_break(&silence, (uint8_t)bytes[_i].byte);
	ck_assert_int_eq(silence_awaited(&silence, &new_ns), bytes[_i].then);
	if (bytes[_i].anew)
		ck_assert_uint_ge(new_ns, now_ns + ENOUGH_NS);
	else
		ck_assert_uint_eq(new_ns, old_ns);
	silence_fini(&silence);
}
END_TEST

/* How long ago it began, and how long the process was stopped of that. */
static const struct {
	uint64_t ago_ns, stopped_ns, counted_ns;
} stops[] = {
	{10 * NS_PER_S, 4 * NS_PER_S, 6 * NS_PER_S},
	{10 * NS_PER_S, 10 * NS_PER_S, 0},
	{10 * NS_PER_S, 11 * NS_PER_S, 0}, /* it began while the process was stopped */
	{10 * NS_PER_S, 10 * NS_PER_S - 1, 1},
};

START_TEST(a_stop_is_no_silence)
{
	uint64_t now_ns = 1000 * NS_PER_S, deadline_ns;

	begin(MARK_PANIC);
	silence.since_ns = now_ns - stops[_i].ago_ns;
	silence_was_stopped(&silence, stops[_i].stopped_ns, now_ns);
	ck_assert_int_eq(silence_awaited(&silence, &deadline_ns), MARK_PANIC);
	ck_assert_uint_eq(deadline_ns, now_ns - stops[_i].counted_ns + ENOUGH_NS);
	silence_fini(&silence);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("silence");
	TCase *t = tcase_create("silence");

	tcase_add_test(t, at_first_none_is_awaited);
	tcase_add_test(t, it_counts_from_the_last_words);
	tcase_add_loop_test(t, a_byte_breaks_it, 0, COUNT(bytes));
	tcase_add_loop_test(t, a_stop_is_no_silence, 0, COUNT(stops));
	suite_add_tcase(s, t);
	return run_suite(s);
}
