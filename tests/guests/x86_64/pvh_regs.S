/* SPDX-License-Identifier: BSD-3-Clause */
/* The state at a PVH entry (Xen docs/misc/pvh.pandoc). */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	mov $entry_state, %ebx
	cmpl $1, ENTRY_PVH(%rbx)
	check e, "not booted by PVH"
	mov ENTRY_ARG(%rbx), %eax
	cmpl $0x336ec578, (%rax)
	check e, "EBX does not point to hvm_start_info"
	cmpl $1, 4(%rax)
	check e, "start_info is not version 1"
	mov ENTRY_CR0(%rbx), %eax
	and $(1 << 31 | 1 << 0), %eax
	cmp $(1 << 0), %eax
	check e, "CR0: not PE without PG"
	cmpl $0, ENTRY_CR4(%rbx)
	check e, "CR4 is not 0"
	testl $(1 << 17 | 1 << 9 | 1 << 8), ENTRY_EFLAGS(%rbx)
	check z, "EFLAGS: VM, IF or TF set"
	testl $(1 << 10), ENTRY_EFER(%rbx)
	check z, "EFER: long mode is active"
	say "SUCCESS"
	end_with 0

	.section .note.GNU-stack, "", @progbits
