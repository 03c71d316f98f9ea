/* SPDX-License-Identifier: BSD-3-Clause */
/* ACPI is on (SCI_EN) from the start. Powers off: SLP_TYP of \_S5 and SLP_EN to PM1 control. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "poweroff_acpi"
	mov $PM1_CNT, %edx
	in %dx, %ax
	cmp $1, %ax
	check e, "PM1 control is not SCI_EN alone"
	mov $(ACPI_PM_SLP_TYP_S5 << 10 | 1 << 13), %eax
	out %ax, %dx
	say "FAIL: still here"
	end_with 1

	.section .note.GNU-stack, "", @progbits
