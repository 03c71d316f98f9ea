/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses the reset line of the keyboard controller. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "reboot_i8042"
	mov $0xfe, %eax
	out %al, $I8042_COMMAND
	say "FAIL: still here"
	end_with 1

	.section .note.GNU-stack, "", @progbits
