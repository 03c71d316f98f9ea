/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs for the guest that the executable carries. */
#ifndef ARCH_EMBEDDED_H
#define ARCH_EMBEDDED_H

#include "loader/blob.h"

/* The guest that runs when no kernel is given. */
struct blob embedded_guest(void);

/* /init for the guest of --init, which runs /minivmm/init: see arch/init/init.c. */
struct blob embedded_init(void);

#endif
