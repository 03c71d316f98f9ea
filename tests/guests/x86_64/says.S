/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints its command line after "say=", in which '|' is the end of a line, and '!' with a letter an
 * end: r resets the machine, t is a triple fault; without one it goes on for ever.
 */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov cmdline, %ebx
	add $4, %ebx /* "say=" */
next:	movzbl (%rbx), %edi
	inc %rbx
	cmp $'!', %edi
	je act
	test %edi, %edi
	jz forever
	cmp $'|', %edi
	jne 1f
	mov $'\n', %edi
1:	call put_char
	jmp next

act:	movzbl (%rbx), %edi
	inc %rbx
	cmp $'r', %edi
	je reset
	cmp $'t', %edi
	je fault
forever:
	jmp forever
reset:	mov $0xfe, %eax
	out %al, $I8042_COMMAND /* the keyboard controller's reset line */
	jmp forever
fault:	lidt no_idt
	ud2

	.section .rodata
no_idt:	.word 0
	.quad 0

	.section .note.GNU-stack, "", @progbits
