/* SPDX-License-Identifier: BSD-3-Clause */
/* The PICs at power-on. Source: Intel 8259A data sheet; Linux Documentation/virt/kvm/api.rst. */
#ifndef ARCH_X86_64_PIC_H
#define ARCH_X86_64_PIC_H

#include "loader/err.h"

/*
 * Masks all inputs of both PICs of the VM @vm_fd, which has an irqchip. KVM leaves them open, with
 * vector n for IRQ n: a guest that never programs the PICs, but enables interrupts with LINT0 as
 * ExtINT, would take a device's interrupt for an exception. A guest that uses them sets the masks.
 */
int pic_mask_all(int vm_fd, struct err *e);

#endif
