/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Starts all other CPUs by INIT and SIPI through the local APIC, and prints how many run: each adds
 * itself to a counter, in real mode. (Intel SDM volume 3, 8.4.4 and 10.6.) "first=N" in the command
 * line says what the first CPU does then (without it: the guest ends), "others=N" what the others
 * do: 0 halts with interrupts off, 1 halts with interrupts on, 2 uses its CPU for ever.
 */
#include "guest.inc"

#define TRAMPOLINE 0x20000 /* a page below 1 MiB; the SIPI's vector is its number */

#define LAPIC_SVR     0xf0
#define SVR_ENABLE    0x1ff
#define LAPIC_ICR_LOW 0x300
#define ICR_PENDING   (1 << 12)
#define ICR_INIT      0xc4500 /* all but self, assert, INIT */
#define ICR_SIPI      (0xc4600 | TRAMPOLINE >> 12)

#define HALT_DEAF 0
#define HALT_IDLE 1
#define SPIN      2

#define QUIET_READS 2000 /* how long the counter must not change */

	.text
	.globl guest_main
guest_main:
	mov $0xff, %al
	out %al, $PIC_MASK
	mov $trampoline, %esi
	mov $TRAMPOLINE, %edi
	mov $(trampoline_end - trampoline), %ecx
	rep movsb
	mov $others_word, %edi
	call find_number
	test %rax, %rax
	js 1f
	mov %al, TRAMPOLINE + others - trampoline

1:	mov $LAPIC, %ebx
	movl $SVR_ENABLE, LAPIC_SVR(%rbx)
	movl $ICR_INIT, LAPIC_ICR_LOW(%rbx)
	call delivered
	movl $ICR_SIPI, LAPIC_ICR_LOW(%rbx)
	call delivered
	movl $ICR_SIPI, LAPIC_ICR_LOW(%rbx)
	call delivered

	/* A read of an unused port leaves the guest: time passes on any host. */
	mov $(TRAMPOLINE + counter - trampoline), %ebp
1:	movzwl (%rbp), %r12d
	mov $QUIET_READS, %ecx
2:	in $0x80, %al
	movzwl (%rbp), %eax
	cmp %eax, %r12d
	jne 1b
	dec %ecx
	jnz 2b

	put "CPUs: "
	lea 1(%r12), %rdi
	call put_decimal
	mov $'\n', %edi
	call put_char
	mov $first_word, %edi
	call find_number
	cmp $HALT_DEAF, %rax
	je halt_deaf
	cmp $HALT_IDLE, %rax
	je halt_idle
	cmp $SPIN, %rax
	je spin
	end_with 0

halt_deaf:
	cli
	hlt
	jmp halt_deaf

halt_idle:
	sti
	hlt
	jmp halt_idle

spin:	jmp spin

delivered:
	testl $ICR_PENDING, LAPIC_ICR_LOW(%rbx)
	jnz delivered
	ret

	/* CS is TRAMPOLINE >> 4, IP 0. */
	.code16
trampoline:
	cli
	lock incw %cs:(counter - trampoline)
	cmpb $HALT_IDLE, %cs:(others - trampoline)
	jb 2f
	ja 3f
1:	sti
	hlt
	jmp 1b
2:	cli
	hlt
	jmp 2b
3:	jmp 3b
	.balign 2
counter:
	.word 0
others:	.byte HALT_DEAF
trampoline_end:

	.section .rodata
first_word:
	.asciz "first="
others_word:
	.asciz "others="

	.section .note.GNU-stack, "", @progbits
