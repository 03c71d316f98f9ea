/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PICs mask everything until a guest programs them: COM1's IRQ 4 does not arrive as vector 4,
 * an overflow. Programmed, the first one gives IRQ 4 the vector that it was told. (Intel 8259A
 * data sheet: ICW1 to ICW4, OCW1.)
 */
#include "guest.inc"

#define PIC1_COMMAND X86_PIC1_PORT
#define PIC1_DATA    (X86_PIC1_PORT + 1)
#define PIC2_DATA    (X86_PIC2_PORT + 1)

#define ALL_MASKED      0xff
#define ALL_BUT_COM1    0xef
#define FIRST_VECTOR    0x30
#define COM1_VECTOR     (FIRST_VECTOR + 4)
#define MCR_OUT2        0x08 /* lets the UART's interrupt out */
#define IER_THRE        0x02
#define GATE_INTERRUPT  0x8e00
#define GATES           256
#define GATE_BYTES      16
#define WAIT_READS      1000

.macro pic_write port, value
	mov $\value, %eax
	out %al, $\port
.endm

	.text
	.globl guest_main
guest_main:
	in $PIC1_DATA, %al
	cmp $ALL_MASKED, %al
	check e, "the first PIC is open"
	in $PIC2_DATA, %al
	cmp $ALL_MASKED, %al
	check e, "the second PIC is open"

	mov $idt, %edi
	mov $GATES, %ecx
1:	mov $unexpected, %eax
	call set_gate
	dec %ecx
	jnz 1b
	mov $(idt + COM1_VECTOR * GATE_BYTES), %edi
	mov $com1_interrupt, %eax
	call set_gate
	lidt idt_register

	mov $(MCR_DTR_RTS | MCR_OUT2), %eax
	mov $(COM1 + UART_MCR), %edx
	out %al, %dx
	call raise_and_wait
	cmpl $0, interrupts
	check e, "an interrupt from a PIC that masks all"

	pic_write PIC1_COMMAND, 0x11 /* ICW1: edges, a second PIC, ICW4 comes */
	pic_write PIC1_DATA, FIRST_VECTOR
	pic_write PIC1_DATA, 0x04 /* ICW3: the second PIC is at IRQ 2 */
	pic_write PIC1_DATA, 0x01 /* ICW4: 8086 mode */
	pic_write PIC1_DATA, ALL_BUT_COM1
	call raise_and_wait
	cmpl $1, interrupts
	check e, "not one interrupt from a PIC that lets it through"
	say "SUCCESS"
	end_with 0

/* An empty transmitter interrupts when that is enabled; a read of an unused port leaves the guest. */
raise_and_wait:
	mov $IER_THRE, %eax
	mov $(COM1 + UART_IER), %edx
	out %al, %dx
	sti
	mov $WAIT_READS, %ecx
1:	in $0x80, %al
	dec %ecx
	jnz 1b
	cli
	xor %eax, %eax
	out %al, %dx
	ret

/* RDI: the gate, afterwards the next one; EAX: its handler, below 2 GiB. */
set_gate:
	mov %ax, (%rdi)
	mov %cs, 2(%rdi)
	movw $GATE_INTERRUPT, 4(%rdi)
	shr $16, %eax
	mov %ax, 6(%rdi)
	add $GATE_BYTES, %edi
	ret

com1_interrupt:
	incl interrupts
	iretq

unexpected:
	say "FAIL: an interrupt or an exception with a wrong vector"
	end_with 1

	.data
	.balign 8
idt_register:
	.word GATES * GATE_BYTES - 1
	.quad idt

	.bss
	.balign 16
idt:	.skip GATES * GATE_BYTES
interrupts:
	.long 0

	.section .note.GNU-stack, "", @progbits
