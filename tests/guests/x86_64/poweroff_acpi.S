/* SPDX-License-Identifier: BSD-3-Clause */
/* Powers off: SLP_TYP 5, SLP_EN to the sleep control register. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "poweroff_acpi"
	mov $PM_SLEEP, %edx
	mov $(5 << 2 | 1 << 5), %eax
	out %al, %dx
	say "FAIL: still here"
	end_with 1

	.section .note.GNU-stack, "", @progbits
