/* SPDX-License-Identifier: BSD-3-Clause */
/* An instruction that some software implementations of /dev/kvm do not know. Informative only. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "badop: popcnt"
	mov $0xf0f0, %eax
	popcnt %eax, %eax
	cmp $8, %eax
	check e, "popcnt counts wrongly"
	say "SUCCESS"
	end_with 0

	.section .note.GNU-stack, "", @progbits
