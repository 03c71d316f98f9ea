/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * As many bytes as can be sent: `lines=N` lines, else for ever, of `width=W` bytes, a multiple of
 * 256: the values 1, 2, 3... 255, 0, but for the newline and the escape, which are '.'. A string
 * instruction sends 256 bytes at a time.
 */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $bytes, %edi /* the 256 bytes */
	mov $1, %eax
1:	mov %al, %cl
	cmp $'\n', %cl
	je 2f
	cmp $0x1b, %cl
	jne 3f
2:	mov $'.', %cl
3:	mov %cl, (%rdi)
	inc %rdi
	inc %eax
	cmp $257, %eax
	jne 1b

	mov $lines, %edi
	call find_number
	mov %rax, %r12 /* -1: so many that it is for ever */
	mov $width, %edi
	call find_number
	mov %rax, %r13
	shr $8, %r13
4:	mov %r13, %r14
5:	mov $(COM1 + UART_LSR), %edx
6:	in %dx, %al
	test $LSR_THRE, %al
	jz 6b
	mov $(COM1 + UART_THR), %edx
	mov $bytes, %esi
	mov $256, %ecx
	rep outsb
	dec %r14
	jnz 5b
	mov $'\n', %edi
	call put_char
	dec %r12
	jnz 4b
	say "all sent"
	end_with 0

	.section .rodata
lines:	.asciz "lines="
width:	.asciz "width="

	.bss
bytes:	.skip 256

	.section .note.GNU-stack, "", @progbits
