/* SPDX-License-Identifier: BSD-3-Clause */
/* Says nothing and stops for ever. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
1:	cli
	hlt
	jmp 1b

	.section .note.GNU-stack, "", @progbits
