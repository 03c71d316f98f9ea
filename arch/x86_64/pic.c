/* SPDX-License-Identifier: BSD-3-Clause */
/* The PICs' state at power-on: see pic.h. */
#include "arch/x86_64/pic.h"

#include "arch/kvm.h"

enum { ALL_MASKED = 0xff }; /* OCW1 */

int pic_mask_all(int vm_fd, struct err *e)
{
	static const uint32_t chips[] = {KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_PIC_SLAVE};

	for (unsigned i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		struct kvm_irqchip chip = {.chip_id = chips[i]};
		if (KVM_CALL(vm_fd, KVM_GET_IRQCHIP, &chip, e) < 0)
			return -1;
		chip.chip.pic.imr = ALL_MASKED;
		if (KVM_CALL(vm_fd, KVM_SET_IRQCHIP, &chip, e) < 0)
			return -1;
	}
	return 0;
}
