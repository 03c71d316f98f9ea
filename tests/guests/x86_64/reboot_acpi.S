/* SPDX-License-Identifier: BSD-3-Clause */
/* Resets by the register that the FADT names. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "reboot_acpi"
	mov $PM_RESET, %edx
	mov $ACPI_PM_RESET_VALUE, %eax
	out %al, %dx
	say "FAIL: still here"
	end_with 1

	.section .note.GNU-stack, "", @progbits
