/* SPDX-License-Identifier: BSD-3-Clause */
/* Says a line, then uses its CPU for ever without an exit. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "spin"
1:	jmp 1b

	.section .note.GNU-stack, "", @progbits
