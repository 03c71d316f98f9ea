/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sends more than a MiB to COM1 without checking THRE, says "too much" at the end, and ends with 0.
 */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $(1100 << 10 >> 8), %ebx
1:	mov $(COM1 + UART_THR), %edx
	mov $dots, %esi
	mov $256, %ecx
	rep outsb
	dec %ebx
	jnz 1b
	mov $(COM1 + UART_THR), %edx
	mov $words, %esi
	mov $(words_end - words), %ecx
	rep outsb
	end_with 0

	.section .rodata
dots:	.fill 255, 1, '.'
	.byte '\n'
words:	.ascii "too much\n"
words_end:

	.section .note.GNU-stack, "", @progbits
