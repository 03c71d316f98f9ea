/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints the line by which a kernel without pvpanic shows that it panicked, then stops. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "Kernel panic - not syncing: test"
1:	cli
	hlt
	jmp 1b

	.section .note.GNU-stack, "", @progbits
