/* SPDX-License-Identifier: BSD-3-Clause */
/* Tells pvpanic that it panicked (bit 0), as a kernel does, then stops. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "pvpanic"
	mov $PVPANIC, %edx
	in %dx, %al
	test $1, %al
	check nz, "pvpanic does not offer bit 0"
	mov $1, %eax
	out %al, %dx
1:	cli
	hlt
	jmp 1b

	.section .note.GNU-stack, "", @progbits
