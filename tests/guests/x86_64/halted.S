/* SPDX-License-Identifier: BSD-3-Clause */
/* Stops for ever, with interrupts off; the other CPUs are never started. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "halted"
1:	cli
	hlt
	jmp 1b

	.section .note.GNU-stack, "", @progbits
