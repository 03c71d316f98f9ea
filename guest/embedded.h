/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The programs that run inside a guest and that minivmm carries, for the host's architecture. Each
 * is constant data of the executable.
 */
#ifndef GUEST_EMBEDDED_H
#define GUEST_EMBEDDED_H

#include "loader/blob.h"

/* The kernel that minivmm boots when the user names none: an ELF file. */
struct blob guest_hello(void);

/* /init of the guest with --init; it runs the user's program, /minivmm/init. */
struct blob guest_init(void);

#endif
