/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The RTC's alarm: the clock is set to two seconds before midnight, the alarm to midnight. Its
 * interrupt arrives at the slave PIC, where the request register shows it to a guest without an
 * IDT; register C tells of it once.
 */
#include "guest.inc"

#define CMOS_INDEX X86_CMOS_PORT
#define CMOS_DATA  (X86_CMOS_PORT + 1)
#define PIC2       X86_PIC2_PORT
#define OCW3_IRR   0x0a /* what is read next is the request register */
#define IRQ8       0x01

#define SECONDS       0
#define SECONDS_ALARM 1
#define MINUTES       2
#define MINUTES_ALARM 3
#define HOURS         4
#define HOURS_ALARM   5
#define REG_B         11
#define REG_C         12
#define B_SET         0x80
#define B_AIE         0x20
#define B_24H         0x02
#define C_IRQF_AF     0xa0

.macro write_cmos reg, value
	mov $\reg, %al
	out %al, $CMOS_INDEX
	mov $\value, %al
	out %al, $CMOS_DATA
.endm

.macro read_cmos reg
	mov $\reg, %al
	out %al, $CMOS_INDEX
	in $CMOS_DATA, %al
.endm

	.text
	.globl guest_main
guest_main:
	write_cmos REG_B, B_SET | B_24H
	write_cmos HOURS, 0x23
	write_cmos MINUTES, 0x59
	write_cmos SECONDS, 0x58
	write_cmos HOURS_ALARM, 0x00
	write_cmos MINUTES_ALARM, 0x00
	write_cmos SECONDS_ALARM, 0x00
	write_cmos REG_B, B_24H | B_AIE
	mov $OCW3_IRR, %al
	out %al, $PIC2
	in $PIC2, %al
	test $IRQ8, %al
	check z, "IRQ 8 before the alarm's time"
	say "alarm: waiting"

1:	in $PIC2, %al
	test $IRQ8, %al
	jz 1b
	read_cmos HOURS
	test %al, %al
	check z, "IRQ 8 when it is not midnight"
	read_cmos REG_C
	cmp $C_IRQF_AF, %al
	check e, "register C is not IRQF, AF"
	read_cmos REG_C
	test %al, %al
	check z, "register C tells of the alarm twice"
	say "SUCCESS"
	end_with 0

	.section .note.GNU-stack, "", @progbits
