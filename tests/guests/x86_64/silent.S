/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits for interrupts that never come, and says nothing. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $0xff, %al
	out %al, $PIC_MASK
1:	sti
	hlt
	jmp 1b

	.section .note.GNU-stack, "", @progbits
