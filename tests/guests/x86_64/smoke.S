/* SPDX-License-Identifier: BSD-3-Clause */
/* Stands for a kernel whose userspace ran the program of docs/ci.md. */
#include "guest.inc"

	.text
	.globl guest_main
guest_main:
	say "smoke: userspace reached"
	end_with 0

	.section .note.GNU-stack, "", @progbits
