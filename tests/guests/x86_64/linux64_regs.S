/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The state at the entry of the 64-bit Linux boot protocol (boot.rst), and the zero page with its
 * setup_data: prints the first bytes of the random seed.
 */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $entry_state, %ebx
	cmpl $0, ENTRY_PVH(%rbx)
	check e, "not booted by the 64-bit Linux protocol"
	mov ENTRY_ARG(%rbx), %eax
	cmpl $0x53726448, 0x202(%rax) /* HdrS */
	check e, "RSI does not point to a zero page"
	cmpw $0xaa55, 0x1fe(%rax)
	check e, "zero page: boot_flag"
	cmpb $0, 0x1ef(%rax)
	check e, "zero page: the sentinel is not 0"
	cmpb $0, 0x210(%rax)
	check ne, "zero page: no type_of_loader"
	cmpb $0, 0x1e8(%rax)
	check ne, "zero page: no memory map"
	mov 0x250(%rax), %rbp /* setup_data */
	test %rbp, %rbp
	check nz, "zero page: no setup_data"
	cmpq $0, (%rbp)
	check e, "setup_data: more than one element"
	cmpl $9, 8(%rbp) /* SETUP_RNG_SEED */
	check e, "setup_data: not a random seed"
	cmpl $64, 12(%rbp)
	check e, "setup_data: not 64 bytes of random seed"
	cmpl $0x10, ENTRY_CS(%rbx)
	check e, "CS is not __BOOT_CS"
	cmpl $0x18, ENTRY_DS(%rbx)
	check e, "DS is not __BOOT_DS"
	cmpl $0x18, ENTRY_ES(%rbx)
	check e, "ES is not __BOOT_DS"
	cmpl $0x18, ENTRY_SS(%rbx)
	check e, "SS is not __BOOT_DS"
	mov ENTRY_CR0(%rbx), %eax
	and $(1 << 31 | 1 << 0), %eax
	cmp $(1 << 31 | 1 << 0), %eax
	check e, "CR0: not PE and PG"
	testl $(1 << 5), ENTRY_CR4(%rbx)
	check nz, "CR4: no PAE"
	mov ENTRY_EFER(%rbx), %eax
	and $(1 << 10 | 1 << 8), %eax
	cmp $(1 << 10 | 1 << 8), %eax
	check e, "EFER: not LME and LMA"
	testl $(1 << 9), ENTRY_EFLAGS(%rbx)
	check z, "EFLAGS: IF is set"
	put "seed "
	mov 16(%rbp), %rdi
	call put_decimal
	mov $'\n', %edi
	call put_char
	say "SUCCESS"
	end_with 0

	.section .note.GNU-stack, "", @progbits
