/* SPDX-License-Identifier: BSD-3-Clause */
/* Stops for ever, with interrupts off: nothing but a signal or a timeout ends this run. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "hlt_loop"
1:	cli
	hlt
	jmp 1b

	.section .note.GNU-stack, "", @progbits
