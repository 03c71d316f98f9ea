/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest's /init as read-only data: [embedded_init_start, embedded_init_end). */
	.section .rodata
	.balign 16
	.globl embedded_init_start, embedded_init_end
embedded_init_start:
	.incbin EMBEDDED_INIT /* the path, a string, from the build */
embedded_init_end:

	.section .note.GNU-stack, "", @progbits
