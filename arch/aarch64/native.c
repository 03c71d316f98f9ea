/* SPDX-License-Identifier: BSD-3-Clause */
/* The board of a minivmm that is built for aarch64. */
#include "arch/board.h"

const struct board *const board_native = &board_aarch64;
