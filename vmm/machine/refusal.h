/* SPDX-License-Identifier: BSD-3-Clause */
/* Maps an architecture's refusal to the option that caused it. */
#ifndef VMM_MACHINE_REFUSAL_H
#define VMM_MACHINE_REFUSAL_H

#include "arch/board.h"

/*
 * Prefixes the text in @e with the option that @refusal is about; with none for REFUSAL_NONE.
 * @proto: what --boot takes for the protocol that was chosen, for REFUSAL_PROTO alone. Returns -1.
 */
int refusal_name_option(enum refusal refusal, const char *proto, struct err *e);

#endif
