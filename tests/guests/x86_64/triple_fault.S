/* SPDX-License-Identifier: BSD-3-Clause */
/* An exception with an empty IDT: a triple fault. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "triple_fault"
	lidt no_idt
	ud2

	.section .rodata
no_idt:	.word 0
	.quad 0

	.section .note.GNU-stack, "", @progbits
