/* SPDX-License-Identifier: BSD-3-Clause */
/* A PCI bus by configuration mechanism 1: the host bridge, and nothing else on it. */
#include "guest.inc"

#define CONFIG_ADDRESS X86_PCI_PORT
#define CONFIG_DATA    (X86_PCI_PORT + 4)
#define ENABLE         0x80000000
#define FUNCTION       0x100 /* one further */
#define FUNCTIONS      (32 * 8) /* of a bus */
#define CLASS          0x08
#define HOST_BRIDGE    0x06000000

/* EAX: what is read at the configuration address EAX. */
.macro config_read
	mov $CONFIG_ADDRESS, %edx
	out %eax, %dx
	mov $CONFIG_DATA, %edx
	in %dx, %eax
.endm

	.text
	.globl guest_main
guest_main:
	mov $CONFIG_ADDRESS, %edx
	mov $ENABLE, %eax
	out %eax, %dx
	xor %eax, %eax
	in %dx, %eax
	cmp $ENABLE, %eax
	check e, "no mechanism 1"

	mov $(ENABLE | CLASS), %eax
	config_read
	cmp $HOST_BRIDGE, %eax
	check e, "the first device is no host bridge"
	mov $(CONFIG_DATA + 2), %edx
	in %dx, %ax
	cmp $(HOST_BRIDGE >> 16), %ax
	check e, "its class, 2 bytes"

	mov $(ENABLE + FUNCTION), %ebx
	mov $(FUNCTIONS - 1), %ecx
1:	mov %ebx, %eax
	config_read
	cmp $-1, %eax
	check e, "there is a second function"
	add $FUNCTION, %ebx
	dec %ecx
	jnz 1b
	say "SUCCESS"
	end_with 0

	.section .note.GNU-stack, "", @progbits
