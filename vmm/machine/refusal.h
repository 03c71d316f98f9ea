/* SPDX-License-Identifier: BSD-3-Clause */
/* The architecture states why something cannot be had; here is which option asked for it. */
#ifndef VMM_MACHINE_REFUSAL_H
#define VMM_MACHINE_REFUSAL_H

#include "arch/board.h"

/*
 * Puts the option that asked for what was refused before the text in @e; nothing for REFUSAL_NONE.
 * @proto: what --boot takes for the protocol that was chosen, for REFUSAL_PROTO alone. Returns -1.
 */
int refusal_name_option(enum refusal refusal, const char *proto, struct err *e);

#endif
