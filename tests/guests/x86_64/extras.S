/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the guest may run guests of its own and has a PMU: what CPUID tells of each, and what is
 * found by using it, where what is not there may fault or be ignored.
 * (Intel SDM volume 2, CPUID, and volume 3, 23.7 and 19.2; AMD APM volume 2, 13.2 and 15.4, and
 * volume 3, appendix E.)
 */
#include "guest.inc"

#define VECTOR_GP    13
#define GATE_PRESENT 0x8e00 /* a 64-bit interrupt gate */

#define CR4_VMXE  (1 << 13)
#define EFER      0xc0000080
#define EFER_SVME (1 << 12)

/* Event selects, the first of each kind, and an event that is selected but does not count. */
#define IA32_PERFEVTSEL0 0x186
#define K7_EVNTSEL0      0xc0010000
#define F15H_PERF_CTL0   0xc0010200
#define EVENT_SELECT     0x76

/* The next instruction, in place of which #GP sets R14 to 1. */
.macro may_fault insn:vararg
	xor %r14d, %r14d
	mov $9997f, %r15d
	\insn
9997:
.endm

/* EAX, EBX, ECX, EDX of leaf \function, sub-leaf 0; all 0 where the processor has no such leaf. */
.macro leaf function
	mov $(\function & 0x80000000), %eax
	cpuid
	mov %eax, %edi
	xor %eax, %eax
	xor %ebx, %ebx
	xor %ecx, %ecx
	xor %edx, %edx
	cmp $\function, %edi
	jb 9996f
	mov $\function, %eax
	cpuid
9996:
.endm

/* Adds what is left of register \reg to R12. */
.macro told mask, reg
	and $\mask, %\reg
	or %\reg, %r12d
.endm

/* Prints "\text" and whether \reg is 0. */
.macro say_whether text, reg
	put "\text"
	xor %edi, %edi
	test %\reg, %\reg
	setnz %dil
	call put_decimal
.endm

	.text
	.globl guest_main
guest_main:
	call catch_faults

	xor %r12d, %r12d
	leaf 1
	told 1 << 5, ecx /* VMX */
	leaf 0x80000001
	told 1 << 2, ecx /* SVM */
	leaf 0x8000000a
	told -1, eax
	told -1, ebx
	told -1, ecx
	told -1, edx
	say_whether "told: nesting ", r12d

	xor %r12d, %r12d
	leaf 1
	told 1 << 2 | 1 << 4 | 1 << 15, ecx /* DTES64, DS_CPL, PDCM */
	told 1 << 21, edx                   /* DS */
	leaf 7
	told 1 << 25, ebx /* Processor Trace */
	told 1 << 19, edx /* LBR */
	leaf 0xa
	told -1, eax
	told -1, ebx
	told -1, ecx
	told -1, edx
	leaf 0x80000001
	told 1 << 10 | 1 << 23 | 1 << 24 | 1 << 28, ecx /* IBS, PerfCtrExtCore, NB, LLC */
	leaf 0x80000022
	told -1, eax
	told -1, ebx
	say_whether ", PMU ", r12d

	call use_vmx
	call use_svm
	put "\nfound: nesting "
	mov %r13d, %edi
	call put_decimal
	xor %r13d, %r13d
	mov $IA32_PERFEVTSEL0, %ebp
	call use_event_select
	mov $K7_EVNTSEL0, %ebp
	call use_event_select
	mov $F15H_PERF_CTL0, %ebp
	call use_event_select
	put ", PMU "
	mov %r13d, %edi
	call put_decimal
	mov $'\n', %edi
	call put_char
	end_with 0

/* These set R13 to 1 where it works. */
use_vmx:
	xor %r13d, %r13d
	mov %cr4, %rax
	or $CR4_VMXE, %rax
	may_fault mov %rax, %cr4
	mov %cr4, %rax
	test $CR4_VMXE, %eax
	jz 1f
	mov $1, %r13d
1:	ret

use_svm:
	mov $EFER, %ecx
	rdmsr
	or $EFER_SVME, %eax
	may_fault wrmsr
	rdmsr
	test $EFER_SVME, %eax
	jz 1f
	mov $1, %r13d
1:	ret

/* The event select in EBP. */
use_event_select:
	mov %ebp, %ecx
	mov $EVENT_SELECT, %eax
	xor %edx, %edx
	may_fault wrmsr
	test %r14d, %r14d
	jnz 1f
	xor %eax, %eax
	may_fault rdmsr
	test %r14d, %r14d
	jnz 1f
	cmp $EVENT_SELECT, %eax
	jne 1f
	mov $1, %r13d
1:	ret

/* An IDT with a gate for #GP. */
catch_faults:
	mov $(idt + VECTOR_GP * 16), %edi
	mov $on_fault, %eax
	mov %ax, (%rdi)
	mov %cs, %ecx
	mov %cx, 2(%rdi)
	movw $GATE_PRESENT, 4(%rdi)
	shr $16, %eax
	mov %ax, 6(%rdi)
	lidt idt_register
	ret

/* Goes on at R15. */
on_fault:
	add $8, %rsp /* the error code */
	mov %r15, (%rsp)
	mov $1, %r14d
	iretq

	.section .rodata
idt_register:
	.word (VECTOR_GP + 1) * 16 - 1
	.quad idt

	.bss
	.balign 16
idt:	.skip (VECTOR_GP + 1) * 16

	.section .note.GNU-stack, "", @progbits
