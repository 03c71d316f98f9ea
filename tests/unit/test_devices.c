/* SPDX-License-Identifier: BSD-3-Clause */
/* The devices that only tell the machine something: i8042, exit device, pvpanic, ACPI PM. */
#include "suite.h"
#include "vmm/machine/devices/acpi_pm.h"
#include "vmm/machine/devices/exitdev.h"
#include "vmm/machine/devices/i8042.h"
#include "vmm/machine/devices/pvpanic.h"

#include <check.h>

/* What was raised: how often, and the last. */
struct raised {
	unsigned n;
	enum machine_event event;
	uint64_t value;
};

static void raise_event(void *opaque, enum machine_event event, uint64_t value)
{
	struct raised *r = opaque;
	r->n++;
	r->event = event;
	r->value = value;
}

enum { S5 = 5, RESET_VALUE = 0x42 };

struct board {
	struct raised raised;
	struct i8042 i8042;
	struct exitdev exitdev;
	struct pvpanic pvpanic;
	struct acpi_pm acpi_pm;
};

static void board_init(struct board *b)
{
	struct event_line events = {raise_event, &b->raised};

	b->raised = (struct raised){.n = 0};
	i8042_init(&b->i8042, events);
	exitdev_init(&b->exitdev, events);
	pvpanic_init(&b->pvpanic, events);
	acpi_pm_init(&b->acpi_pm, S5, RESET_VALUE, events);
}

enum which { I8042, EXITDEV, PVPANIC, ACPI_PM };

static const struct device_ops *ops_of(enum which which)
{
	static const struct device_ops *const ops[] = {&i8042_ops, &exitdev_ops, &pvpanic_ops,
						       &acpi_pm_ops};
	return ops[which];
}

static void *dev_of(struct board *b, enum which which)
{
	void *const dev[] = {&b->i8042, &b->exitdev, &b->pvpanic, &b->acpi_pm};
	return dev[which];
}

static const struct {
	enum which which;
	uint64_t offset;
	unsigned size;
	uint64_t written;
	int event; /* -1: none */
	uint64_t value;
} writes[] = {
	/* Linux' machine_real_restart: 0xfe to port 0x64. */
	{I8042, 4, 1, 0xfe, EVENT_RESET, 0},
	{I8042, 4, 1, 0xf0, EVENT_RESET, 0},
	{I8042, 4, 1, 0xfc, EVENT_RESET, 0},
	{I8042, 4, 1, 0xff, -1, 0}, /* no line is pulsed */
	{I8042, 4, 1, 0xf1, -1, 0},
	{I8042, 4, 1, 0xee, -1, 0},
	{I8042, 4, 1, 0xae, -1, 0}, /* enable keyboard */
	{I8042, 4, 1, 0x60, -1, 0},
	{I8042, 4, 1, 0x00, -1, 0},
	{I8042, 0, 1, 0xfe, -1, 0}, /* the data port */
	{I8042, 1, 1, 0xfe, -1, 0},
	{I8042, 3, 1, 0xfe, -1, 0},
	{EXITDEV, 0, 1, 0, EVENT_EXIT, 0},
	{EXITDEV, 0, 1, 7, EVENT_EXIT, 7},
	{EXITDEV, 0, 2, 0x1234, EVENT_EXIT, 0x1234},
	{EXITDEV, 0, 4, 0xffffffff, EVENT_EXIT, 0xffffffff},
	{EXITDEV, 1, 1, 7, -1, 0},
	{EXITDEV, 2, 2, 7, -1, 0},
	{EXITDEV, 3, 1, 7, -1, 0},
	{PVPANIC, 0, 1, 1, EVENT_PANIC, 0},
	{PVPANIC, 0, 1, 3, EVENT_PANIC, 0},
	{PVPANIC, 0, 1, 2, EVENT_CRASH_LOADED, 0},
	{PVPANIC, 0, 1, 0, -1, 0},
	{PVPANIC, 0, 1, 4, -1, 0}, /* PVPANIC_SHUTDOWN was not offered */
	{PVPANIC, 0, 1, 0xfc, -1, 0},
	{ACPI_PM, 5, 1, 1 << 5 | S5 << 2, EVENT_POWER_OFF, 0}, /* PM1 control's high byte */
	{ACPI_PM, 5, 1, 0xff & ~(1 << 5), -1, 0},
	{ACPI_PM, 5, 1, S5 << 2, -1, 0},                /* without SLP_EN */
	{ACPI_PM, 5, 1, 1 << 5 | (S5 - 1) << 2, -1, 0}, /* another state */
	{ACPI_PM, 5, 1, 1 << 5 | (S5 + 2) << 2, -1, 0},
	{ACPI_PM, 5, 1, 1 << 5, -1, 0},
	{ACPI_PM, 5, 1, 0xc3 | 1 << 5 | S5 << 2, EVENT_POWER_OFF, 0}, /* reserved bits */
	{ACPI_PM, 5, 1, RESET_VALUE, -1, 0},
	{ACPI_PM, 4, 1, 1 << 5 | S5 << 2, -1, 0}, /* its low byte */
	{ACPI_PM, 4, 1, RESET_VALUE, -1, 0},
	{ACPI_PM, 0, 1, 1 << 5 | S5 << 2, -1, 0}, /* PM1 status: the guest clears bits */
	{ACPI_PM, 1, 1, 1 << 5 | S5 << 2, -1, 0},
	{ACPI_PM, 3, 1, 1 << 5 | S5 << 2, -1, 0}, /* PM1 enable */
	{ACPI_PM, 6, 1, RESET_VALUE, EVENT_RESET, 0},
	{ACPI_PM, 6, 1, RESET_VALUE + 1, -1, 0},
	{ACPI_PM, 6, 1, 1 << 5 | S5 << 2, -1, 0},
};

START_TEST(a_write_raises)
{
	struct board b;
	const struct device_ops *ops = ops_of(writes[_i].which);

	board_init(&b);
	ck_assert_uint_le(writes[_i].size, ops->max_size);
	ops->write(dev_of(&b, writes[_i].which), writes[_i].offset, writes[_i].size,
		   writes[_i].written);
	ck_assert_uint_eq(b.raised.n, writes[_i].event >= 0);
	if (writes[_i].event < 0)
		return;
	ck_assert_int_eq((int)b.raised.event, writes[_i].event);
	ck_assert_uint_eq(b.raised.value, writes[_i].value);
}
END_TEST

static const struct {
	enum which which;
	uint64_t offset, value;
} reads[] = {
	{I8042, 0, 0},    {I8042, 4, 0}, /* OBF clear: no data; IBF clear: a command may be sent */
	{I8042, 1, 0xff}, {I8042, 2, 0xff}, {I8042, 3, 0xff}, {EXITDEV, 0, 0},
	{EXITDEV, 3, 0},  {PVPANIC, 0, 3}, /* PVPANIC_PANICKED | PVPANIC_CRASH_LOADED */
	{ACPI_PM, 0, 0},  {ACPI_PM, 1, 0}, /* PM1 status: no event, no WAK_STS */
	{ACPI_PM, 2, 0},  {ACPI_PM, 3, 0}, /* PM1 enable */
	{ACPI_PM, 4, 1},                   /* PM1 control: SCI_EN */
	{ACPI_PM, 5, 0},  {ACPI_PM, 6, 0},
};

START_TEST(a_read_gives)
{
	struct board b;

	board_init(&b);
	ck_assert_uint_eq(
		ops_of(reads[_i].which)->read(dev_of(&b, reads[_i].which), reads[_i].offset, 1),
		reads[_i].value);
	ck_assert_uint_eq(b.raised.n, 0);
}
END_TEST

/* The PM1 registers that the guest writes 0xff to: what they then read as. */
static const uint8_t after_ff[] = {0, 0, 0xff, 0xff, 1, 0};

START_TEST(the_pm1_enable_register_keeps_what_is_written)
{
	struct board b;

	board_init(&b);
	for (uint64_t i = 0; i < sizeof(after_ff); i++)
		acpi_pm_ops.write(&b.acpi_pm, i, 1, i == 5 ? 0xdf : 0xff); /* without SLP_EN */
	for (uint64_t i = 0; i < sizeof(after_ff); i++)
		ck_assert_uint_eq(acpi_pm_ops.read(&b.acpi_pm, i, 1), after_ff[i]);
	acpi_pm_ops.write(&b.acpi_pm, 2, 1, 0x21); /* GBL_EN, TMR_EN */
	ck_assert_uint_eq(acpi_pm_ops.read(&b.acpi_pm, 2, 1), 0x21);
	ck_assert_uint_eq(acpi_pm_ops.read(&b.acpi_pm, 3, 1), 0xff);
	ck_assert_uint_eq(b.raised.n, 0);
}
END_TEST

/* The bus splits what is wider: only the exit device knows more than bytes. */
START_TEST(widths)
{
	ck_assert_uint_eq(i8042_ops.max_size, 1);
	ck_assert_uint_eq(exitdev_ops.max_size, 4);
	ck_assert_uint_eq(pvpanic_ops.max_size, 1);
	ck_assert_uint_eq(acpi_pm_ops.max_size, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("devices");
	TCase *tc = tcase_create("devices");
	tcase_add_loop_test(tc, a_write_raises, 0, COUNT(writes));
	tcase_add_loop_test(tc, a_read_gives, 0, COUNT(reads));
	tcase_add_test(tc, the_pm1_enable_register_keeps_what_is_written);
	tcase_add_test(tc, widths);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
