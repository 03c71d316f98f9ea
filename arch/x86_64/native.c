/* SPDX-License-Identifier: BSD-3-Clause */
/* The board of a minivmm that is built for x86_64. */
#include "arch/board.h"

const struct board *const board_native = &board_x86_64;
