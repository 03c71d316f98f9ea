/* SPDX-License-Identifier: BSD-3-Clause */
/* COM1 as a driver probes it: every step is a line of the table below. */
#include "guest.inc"

/*
 * Steps: a write, or a read that must give `want` in the bits of `mask`. A step that writes says
 * nothing, for each character that is printed uses the UART.
 */
#define WRITE 0
#define READ  1

.macro write reg, value
	.byte WRITE, \reg, \value, 0
	.quad 0
.endm

.macro expect reg, mask, want, text
	.pushsection .rodata.text
9997:	.asciz "\text"
	.popsection
	.byte READ, \reg, \mask, \want
	.quad 9997b
.endm

	.section .rodata
	.balign 8
steps:
	expect UART_LSR, 0x60, 0x60, "LSR: transmitter not empty at the start"
	expect UART_LSR, 0x9f, 0x00, "LSR: data or an error at the start"
	expect UART_MSR, 0xb0, 0xb0, "MSR: not DCD, DSR and CTS"

	write UART_SCR, 0x5a
	expect UART_SCR, 0xff, 0x5a, "SCR does not keep 5a"
	write UART_SCR, 0xa5
	expect UART_SCR, 0xff, 0xa5, "SCR does not keep a5"

	/* A 16450 is told from a 16550A by the FIFO bits. */
	write UART_FCR, 0x00
	expect UART_IIR, 0xc0, 0x00, "IIR: FIFO bits set with the FIFOs off"
	write UART_FCR, 0x07
	expect UART_IIR, 0xc0, 0xc0, "IIR: FIFO bits clear with the FIFOs on"

	/* The divisor latch hides THR and IER. */
	write UART_IER, 0x00
	write UART_LCR, 0x80
	write 0, 0x34
	write 1, 0x12
	expect 0, 0xff, 0x34, "DLL does not keep its value"
	expect 1, 0xff, 0x12, "DLM does not keep its value"
	write UART_LCR, 0x03
	expect UART_IER, 0xff, 0x00, "IER changed by a write to DLM"
	expect UART_LCR, 0xff, 0x03, "LCR does not keep 03"
	write UART_LCR, 0x80
	expect 0, 0xff, 0x34, "DLL lost its value"
	write 0, 0x01
	write 1, 0x00
	write UART_LCR, 0x03

	write UART_IER, 0xff
	expect UART_IER, 0xf0, 0x00, "IER: the upper half can be set"
	write UART_IER, 0x00
	expect UART_IIR, 0x01, 0x01, "IIR: an interrupt with all disabled"

	/* THRE: pending at once when it is enabled, gone by reading IIR, back by enabling again. */
	write UART_IER, 0x02
	expect UART_IIR, 0x0f, 0x02, "IIR: no THRE interrupt when it is enabled"
	expect UART_IIR, 0x01, 0x01, "IIR: THRE interrupt not cleared by reading"
	write UART_IER, 0x00
	write UART_IER, 0x02
	expect UART_IIR, 0x0f, 0x02, "IIR: no THRE interrupt when it is enabled again"
	write UART_IER, 0x00

	/* Loopback: MCR's outputs come back in MSR, a character in RBR. */
	write UART_MCR, 0x10
	expect UART_MSR, 0xf0, 0x00, "loopback: MSR is not MCR 0"
	write UART_MCR, 0x1a
	expect UART_MSR, 0xf0, 0x90, "loopback: MSR is not MCR RTS, OUT2"
	write UART_MCR, 0x15
	expect UART_MSR, 0xf0, 0x60, "loopback: MSR is not MCR DTR, OUT1"
	write UART_THR, 0x41
	expect UART_LSR, 0x01, 0x01, "loopback: no data"
	expect UART_RBR, 0xff, 0x41, "loopback: another character"
	expect UART_LSR, 0x01, 0x00, "loopback: data after it was read"
	write UART_IER, 0x01
	write UART_THR, 0x42
	expect UART_IIR, 0x07, 0x04, "loopback: no data interrupt"
	expect UART_RBR, 0xff, 0x42, "loopback: another character the second time"
	expect UART_IIR, 0x01, 0x01, "loopback: data interrupt after it was read"
	write UART_IER, 0x00

	/* Clearing the receive FIFO. */
	write UART_THR, 0x43
	write UART_FCR, 0x03
	expect UART_LSR, 0x01, 0x00, "FCR: the receive FIFO was not cleared"
	write UART_MCR, 0x03
	expect UART_MSR, 0xb0, 0xb0, "MSR: not back after loopback"
steps_end:

	.text
	.globl guest_main
guest_main:
	mov $steps, %ebx
1:	movzbl 1(%rbx), %edx
	add $COM1, %edx
	cmpb $READ, (%rbx)
	je 2f
	mov 2(%rbx), %al
	out %al, %dx
	jmp 3f
2:	in %dx, %al
	movzbl %al, %r12d
	and 2(%rbx), %al
	cmp 3(%rbx), %al
	jne 4f
3:	add $12, %rbx
	cmp $steps_end, %ebx
	jne 1b
	say "SUCCESS"
	end_with 0

4:	mov $(COM1 + UART_MCR), %edx /* out of loopback, to be heard */
	mov $0x03, %eax
	out %al, %dx
	mov $(COM1 + UART_LCR), %edx
	out %al, %dx
	put "FAIL: "
	mov 4(%rbx), %rdi
	call put_string
	put ", it reads "
	mov %r12, %rdi
	call put_decimal
	mov $'\n', %edi
	call put_char
	end_with 1

	.section .note.GNU-stack, "", @progbits
