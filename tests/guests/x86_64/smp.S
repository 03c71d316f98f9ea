/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Starts all other CPUs by INIT and SIPI through the local APIC, and prints how many run: each adds
 * itself to a counter, in real mode, and stops. (Intel SDM volume 3, 8.4.4 and 10.6.)
 */
#include "guest.inc"

#define TRAMPOLINE 0x20000 /* a page below 1 MiB; the SIPI's vector is its number */

#define LAPIC_SVR     0xf0
#define SVR_ENABLE    0x1ff
#define LAPIC_ICR_LOW 0x300
#define ICR_PENDING   (1 << 12)
#define ICR_INIT      0xc4500 /* all but self, assert, INIT */
#define ICR_SIPI      (0xc4600 | TRAMPOLINE >> 12)

#define QUIET_READS 2000 /* how long the counter must not change */

	.text
	.globl guest_main
guest_main:
	mov $trampoline, %esi
	mov $TRAMPOLINE, %edi
	mov $(trampoline_end - trampoline), %ecx
	rep movsb

	mov $LAPIC, %ebx
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
	end_with 0

delivered:
	testl $ICR_PENDING, LAPIC_ICR_LOW(%rbx)
	jnz delivered
	ret

	/* CS is TRAMPOLINE >> 4, IP 0. */
	.code16
trampoline:
	cli
	lock incw %cs:(counter - trampoline)
1:	hlt
	jmp 1b
	.balign 2
counter:
	.word 0
trampoline_end:

	.section .note.GNU-stack, "", @progbits
