/* SPDX-License-Identifier: BSD-3-Clause */
/* The embedded guest's ELF file as read-only data: [embedded_guest_start, embedded_guest_end). */
	.section .rodata
	.balign 16
	.globl embedded_guest_start, embedded_guest_end
embedded_guest_start:
	.incbin EMBEDDED_GUEST /* the path, a string, from the build */
embedded_guest_end:

	.section .note.GNU-stack, "", @progbits
