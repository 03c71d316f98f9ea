/* SPDX-License-Identifier: BSD-3-Clause */
/* The machines that ELF kernels are for, by their e_machine. */
#ifndef LOADER_ELF_MACHINE_H
#define LOADER_ELF_MACHINE_H

#include "loader/api.h"

#include <stdint.h>

struct elf_machine {
	uint16_t machine;         /* EM_* */
	uint8_t class;            /* its kernels' EI_CLASS; 0: there are some of either */
	const char *name;         /* as psABIs and binutils write it: "x86-64" */
	const char *architecture; /* as Linux writes it: "x86_64" */
};

/* NULL: nothing is known of it. */
const struct elf_machine *elf_machine_find(unsigned machine);

#endif
