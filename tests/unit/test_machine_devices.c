/* SPDX-License-Identifier: BSD-3-Clause */
/* The devices on their buses, by a list of ours: each answers where it is, and its wires lead on.
 */
#include "arch/acpi_pm.h"
#include "arch/arch.h"
#include "suite.h"
#include "vmm/machine/devices.h"

#include <check.h>
#include <linux/serial_reg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { VM_FD = 42, UART_LINE = 104, RTC_LINE = 108 };

#define UART_BASE 0x3f8u
#define MMIO_BASE 0x10000000u

/* The architecture and KVM. */

static struct board board;
const struct board *const board_native = &board;

uint32_t arch_irq_line(int irq)
{
	return 100 + (uint32_t)irq;
}

static struct {
	unsigned n;
	uint32_t line;
	bool level;
} raised;

void kvm_irq_line(int vm_fd, uint32_t line, bool level)
{
	ck_assert_int_eq(vm_fd, VM_FD);
	raised.n++;
	raised.line = line;
	raised.level = level;
}

/* The wires. */

static struct {
	unsigned n;
	enum machine_event event;
	uint64_t value;
} told;

static void tell(void *opaque, enum machine_event event, uint64_t value)
{
	(void)opaque;
	told.n++;
	told.event = event;
	told.value = value;
}

static bool has_input;

static bool writable(void *opaque)
{
	(void)opaque;
	return true;
}

static void take(void *opaque, uint8_t byte)
{
	*(uint8_t *)opaque = byte;
}

static size_t give(void *opaque, uint16_t *dst, size_t max)
{
	(void)opaque;
	if (!has_input || !max)
		return 0;
	*dst = 'i';
	has_input = false;
	return 1;
}

static uint8_t printed;
static struct devices devices;
static int wake_fd;

static int make(const struct devdesc *dev, unsigned n, struct err *e)
{
	const struct device_wires wires = {
		.vm_fd = VM_FD,
		.console = {writable, take, give, &printed},
		.events = {tell, NULL},
		.wake_fd = wake_fd = eventfd(0, EFD_NONBLOCK),
	};

	board.devices = (struct devlist){dev, n};
	memset(&told, 0, sizeof(told));
	memset(&raised, 0, sizeof(raised));
	memset(&devices, 0xa5, sizeof(devices));
	return devices_init(&devices, &wires, e);
}

static void finish(void)
{
	devices_fini(&devices);
	close(wake_fd);
}

static void put(const struct bus *bus, uint64_t addr, uint8_t value)
{
	devices_access(&devices, bus, true, addr, &value, 1);
}

static uint8_t get(const struct bus *bus, uint64_t addr)
{
	uint8_t value = 0;

	devices_access(&devices, bus, false, addr, &value, 1);
	return value;
}

static const struct devdesc machine[] = {
	{DEV_UART16550, DEV_PIO, UART_BASE, 8, 4},
	{DEV_I8042, DEV_PIO, 0x60, 5, DEV_NO_IRQ},
	{DEV_CMOS, DEV_PIO, 0x70, 2, 8},
	{DEV_EXIT, DEV_PIO, 0xf4, 4, DEV_NO_IRQ},
	{DEV_PVPANIC, DEV_PIO, 0x505, 1, DEV_NO_IRQ},
	{DEV_PCI_HOST, DEV_PIO, 0xcf8, 8, DEV_NO_IRQ},
	{DEV_ACPI_PM, DEV_PIO, 0x600, 7, DEV_NO_IRQ},
};

/* A write to a device that the machine is told of. */
static const struct {
	uint64_t port;
	uint8_t value;
	enum machine_event event;
	uint64_t told;
} writes[] = {
	{0x64, 0xfe, EVENT_RESET, 0},
	{0xf4, 7, EVENT_EXIT, 7},
	{0x505, 1, EVENT_PANIC, 0},
	{0x605, 1 << 5 | ACPI_PM_SLP_TYP_S5 << 2, EVENT_POWER_OFF, 0},
	{0x606, ACPI_PM_RESET_VALUE, EVENT_RESET, 0},
};

START_TEST(events_lead_to_the_machine)
{
	struct err e;

	ck_assert_int_eq(make(machine, COUNT(machine), &e), 0);
	put(&devices.pio, writes[_i].port, writes[_i].value);
	ck_assert_uint_eq(told.n, 1);
	ck_assert_int_eq(told.event, writes[_i].event);
	ck_assert_uint_eq(told.value, writes[_i].told);
	finish();
}
END_TEST

/* Where nothing is, all bits are set. */
START_TEST(each_is_on_its_bus)
{
	struct err e;

	ck_assert_int_eq(make(machine, COUNT(machine), &e), 0);
	ck_assert_uint_eq(devices.pio.n, COUNT(machine));
	ck_assert_uint_eq(devices.mmio.n, 0);
	ck_assert_uint_eq(get(&devices.pio, UART_BASE + UART_LSR), UART_LSR_THRE | UART_LSR_TEMT);
	ck_assert_uint_eq(get(&devices.pio, UART_BASE + 8), 0xff);
	ck_assert_uint_eq(get(&devices.mmio, UART_BASE + UART_LSR), 0xff);
	uint8_t address[4] = {0, 0, 0, 0x80}; /* CONFIG_ADDRESS keeps what is written */
	devices_access(&devices, &devices.pio, true, 0xcf8, address, sizeof(address));
	memset(address, 0, sizeof(address));
	devices_access(&devices, &devices.pio, false, 0xcf8, address, sizeof(address));
	ck_assert_uint_eq(address[3], 0x80);
	finish();
}
END_TEST

START_TEST(the_serial_line_leads_to_the_console)
{
	struct err e;

	ck_assert_int_eq(make(machine, COUNT(machine), &e), 0);
	put(&devices.pio, UART_BASE + UART_TX, 'o');
	ck_assert_uint_eq(printed, 'o');
	put(&devices.pio, UART_BASE + UART_MCR, UART_MCR_RTS | UART_MCR_OUT2);
	put(&devices.pio, UART_BASE + UART_IER, UART_IER_RDI);
	ck_assert_uint_eq(raised.n, 0);
	has_input = true;
	devices_console_changed(&devices);
	ck_assert_uint_eq(raised.n, 1);
	ck_assert_uint_eq(raised.line, UART_LINE);
	ck_assert(raised.level);
	ck_assert_uint_eq(get(&devices.pio, UART_BASE + UART_RX), 'i');
	ck_assert(!raised.level);
	finish();
}
END_TEST

/* Register B of the CMOS, and the registers of the PL031. */
enum { CMOS_B = 0x0b, CMOS_AIE = 0x20, PL031_DR = 0, PL031_MR = 4, PL031_IMSC = 0x10 };

static void write32(uint64_t offset, uint32_t value)
{
	uint8_t bytes[4];

	memcpy(bytes, &value, sizeof(value));
	devices_access(&devices, &devices.mmio, true, MMIO_BASE + offset, bytes, sizeof(bytes));
}

static uint32_t read32(uint64_t offset)
{
	uint8_t bytes[4];
	uint32_t value;

	devices_access(&devices, &devices.mmio, false, MMIO_BASE + offset, bytes, sizeof(bytes));
	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* The time of an alarm comes: the interrupt is raised when the loop asks. */
static void expect_alarm(void)
{
	uint64_t count;

	ck_assert_int_eq(read(wake_fd, &count, sizeof(count)), sizeof(count));
	ck_assert_uint_eq(raised.n, 0);
	__atomic_store_n(&devices.alarm.at_s, time(NULL) - 5, __ATOMIC_RELAXED);
	int left_ms = devices_alarm_ms(&devices);
	ck_assert(left_ms == -1 || (left_ms > 0 && left_ms <= 1000));
}

START_TEST(an_alarm_of_the_pl031)
{
	static const struct devdesc rtc[] = {{DEV_PL031, DEV_MMIO, MMIO_BASE, 0x1000, 8}};
	struct err e;

	ck_assert_int_eq(make(rtc, COUNT(rtc), &e), 0);
	ck_assert_uint_eq(devices.mmio.n, 1);
	ck_assert_uint_eq(devices.pio.n, 0);
	ck_assert_int_eq(devices_alarm_ms(&devices), -1);
	uint32_t now = read32(PL031_DR);
	ck_assert_int_le(llabs((int64_t)now - time(NULL)), 2);
	write32(PL031_IMSC, 1);
	write32(PL031_MR, now + 3600);
	ck_assert_int_eq(devices_alarm_ms(&devices), 1000);
	devices.pl031.offset_s += 3600; /* as if an hour had passed */
	expect_alarm();
	ck_assert_uint_eq(raised.n, 1);
	ck_assert_uint_eq(raised.line, RTC_LINE);
	ck_assert(raised.level);
	finish();
}
END_TEST

static void write_cmos(uint8_t reg, uint8_t value)
{
	put(&devices.pio, 0x70, reg);
	put(&devices.pio, 0x71, value);
}

/* Every second: an alarm whose three registers match any. */
START_TEST(an_alarm_of_the_cmos)
{
	struct err e;

	ck_assert_int_eq(make(machine, COUNT(machine), &e), 0);
	ck_assert_int_eq(devices_alarm_ms(&devices), -1);
	for (uint8_t reg = 1; reg <= 5; reg += 2)
		write_cmos(reg, 0xff);
	put(&devices.pio, 0x70, CMOS_B);
	write_cmos(CMOS_B, (uint8_t)(get(&devices.pio, 0x71) | CMOS_AIE));
	for (int i = 0; i < 100 && !raised.n; i++) {
		int left_ms = devices_alarm_ms(&devices);
		ck_assert_int_gt(left_ms, 0);
		ck_assert_int_le(left_ms, 1000);
		if (!raised.n)
			usleep(50000);
	}
	ck_assert_uint_eq(raised.n, 1);
	ck_assert_uint_eq(raised.line, RTC_LINE);
	finish();
}
END_TEST

static const struct {
	struct devdesc dev[2];
	const char *text;
} mistakes[] = {
	{{{DEV_EXIT, DEV_PIO, 0xf4, 4, DEV_NO_IRQ}, {(enum dev_kind)77, DEV_PIO, 1, 1, 0}},
	 "a device of unknown kind 77"},
	{{{DEV_EXIT, DEV_PIO, 0xf4, 4, DEV_NO_IRQ}, {DEV_UART16550, DEV_PIO, 0xf0, 8, 4}},
	 "uart16550 at 0xf0 overlaps exit"},
	{{{DEV_EXIT, DEV_MMIO, 0xf4, 4, DEV_NO_IRQ}, {DEV_CMOS, DEV_MMIO, 0xf7, 2, 8}},
	 "cmos at 0xf7 overlaps exit"},
};

START_TEST(a_mistake_in_a_layout_is_named)
{
	struct err e;

	ck_assert_int_eq(make(mistakes[_i].dev, 2, &e), -1);
	ck_assert_str_eq(e.text, mistakes[_i].text);
	close(wake_fd);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("machine_devices");
	TCase *t = tcase_create("machine_devices");

	tcase_add_loop_test(t, events_lead_to_the_machine, 0, COUNT(writes));
	tcase_add_test(t, each_is_on_its_bus);
	tcase_add_test(t, the_serial_line_leads_to_the_console);
	tcase_add_test(t, an_alarm_of_the_pl031);
	tcase_add_test(t, an_alarm_of_the_cmos);
	tcase_add_loop_test(t, a_mistake_in_a_layout_is_named, 0, COUNT(mistakes));
	suite_add_tcase(s, t);
	return run_suite(s);
}
