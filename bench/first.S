/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The smallest guests that can be timed from outside, entered by PVH (32-bit protected mode).
 * By default two instructions that end the run with status 42 through the exit port (QEMU's
 * isa-debug-exit makes 85 of it). With -DBYTE instead a byte on COM1, then nothing any more. With
 * -DPAD=N the file has N bytes more to load.
 */
#include "arch/x86_64/layout.h"

	.section .note.Xen, "a", @note
	.balign 4
	.long 4, 4, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long _start

	.text
	.code32
	.globl _start
_start:
#ifdef BYTE
	mov $X86_COM1_PORT, %edx
	mov $'!', %al
	out %al, %dx
#else
	mov $42, %al
	out %al, $X86_EXIT_PORT
#endif
1:	cli
	hlt
	jmp 1b

#ifdef PAD
	.data
	.fill PAD / 8, 8, 0x5a5a5a5a5a5a5a5a
#endif

	.section .note.GNU-stack, "", @progbits
