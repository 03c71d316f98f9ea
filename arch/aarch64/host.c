/* SPDX-License-Identifier: BSD-3-Clause */
/* What /dev/kvm is on this aarch64 host, as far as a program can find out. */
#include "arch/arch.h"

const char kvm_missing_fix[] =
	"a kernel with CONFIG_KVM that was started in EL2 (see `dmesg | grep -i kvm`); in a "
	"virtual machine, nested virtualization on its host; in a container, --device /dev/kvm";

const char *arch_virtualization(void)
{
	return "arm64; only the kernel knows whether it was started in EL2";
}

const char *arch_nested_parameter(void)
{
	return NULL;
}
