/* SPDX-License-Identifier: BSD-3-Clause */
/* Wires for a real-time clock, for tests of one: a clock of our own, an alarm, an interrupt. */
#ifndef TESTS_UNIT_RTC_H
#define TESTS_UNIT_RTC_H

#include "suite.h"
#include "vmm/machine/devices/device.h"

#include <check.h>

static int64_t now, alarm_at; /* seconds since 1970, by the host's clock */
static bool irq;

static int64_t clock_now_s(void *opaque)
{
	ck_assert_ptr_eq(opaque, &now);
	return now;
}

static void clock_set_alarm(void *opaque, int64_t at_s)
{
	ck_assert_ptr_eq(opaque, &now);
	alarm_at = at_s;
}

/* A change only: a host's call would be in vain. */
static void irq_set(void *opaque, bool level)
{
	ck_assert_ptr_eq(opaque, &irq);
	ck_assert(level != irq);
	irq = level;
}

static const struct wall_clock clock_wire = {clock_now_s, clock_set_alarm, &now};
static const struct irq_line irq_wire = {irq_set, &irq};

#endif
