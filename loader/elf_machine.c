/* SPDX-License-Identifier: BSD-3-Clause */
/* The machines of ELF kernels: see elf_machine.h. */
#include "loader/elf_machine.h"

#include <elf.h>
#include <stddef.h>

static const struct elf_machine machines[] = {
	{EM_386, ELFCLASS32, "i386", "i386"},
	{EM_PPC64, ELFCLASS64, "ppc64", "ppc64"},
	{EM_S390, 0, "s390", "s390x"},
	{EM_ARM, ELFCLASS32, "arm", "arm"},
	{EM_X86_64, ELFCLASS64, "x86-64", "x86_64"},
	{EM_AARCH64, ELFCLASS64, "aarch64", "aarch64"},
	{EM_RISCV, 0, "riscv", "riscv64"}, /* one of ELFCLASS32 is riscv32 */
};

const struct elf_machine *elf_machine_find(unsigned machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == machine)
			return &machines[i];
	return NULL;
}
