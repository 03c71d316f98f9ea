/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waits until kvmclock says that the guest was stopped; with "exits=1" in the command line it leaves
 * KVM_RUN all the time meanwhile. (Linux Documentation/virt/kvm/x86/cpuid.rst and msr.rst;
 * <asm/pvclock-abi.h>.)
 */
#include "guest.inc"

#define CPUID_KVM_FEATURES    0x40000001
#define KVM_CLOCKSOURCE2      (1 << 3)
#define MSR_KVM_SYSTEM_TIME   0x4b564d01 /* ..._NEW */
#define SYSTEM_TIME_ENABLE    1
#define TIME_FLAGS            29 /* in struct pvclock_vcpu_time_info */
#define PVCLOCK_GUEST_STOPPED 0x02

	.text
	.globl guest_main
guest_main:
	mov $CPUID_KVM_FEATURES, %eax
	cpuid
	test $KVM_CLOCKSOURCE2, %eax
	check nz, "there is no kvmclock"

	mov $MSR_KVM_SYSTEM_TIME, %ecx
	mov $(time_info + SYSTEM_TIME_ENABLE), %eax
	xor %edx, %edx
	wrmsr
	mov $exits_word, %edi
	call find_number
	mov %eax, %ebx
	testb $PVCLOCK_GUEST_STOPPED, time_info + TIME_FLAGS
	check z, "stopped at once"
	say "runs"
1:	cmp $1, %ebx
	jne 2f
	in $0x80, %al
2:	testb $PVCLOCK_GUEST_STOPPED, time_info + TIME_FLAGS
	jz 1b
	say "was stopped"
	end_with 0

	.section .rodata
exits_word:
	.asciz "exits="

	.bss
	.balign 32
time_info:
	.skip 32

	.section .note.GNU-stack, "", @progbits
