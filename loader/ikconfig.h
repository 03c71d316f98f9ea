/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration that a kernel carries when it was built with CONFIG_IKCONFIG=y: "IKCFG_ST", the
 * .config packed by gzip, "IKCFG_ED" (Linux kernel/configs.c).
 */
#ifndef LOADER_IKCONFIG_H
#define LOADER_IKCONFIG_H

#include "loader/decompress.h"

MINIVMM_BEGIN

/*
 * Finds the configuration in @kernel, which must not be compressed (a vmlinux, an Image), and
 * unpacks its text, which the caller frees by unpacked_free(). 0 with text->data NULL: there is
 * none. Errors, with nothing to free: the end mark is missing; those of decompress(), with a limit
 * of 16 MiB.
 */
int ikconfig_unpack(struct blob kernel, struct unpacked *text, struct err *e);

/*
 * Finds what the .config @text sets CONFIG_@name to: "y", "m", a number or a string in its quotes.
 * False where it is not set.
 */
bool ikconfig_value(struct blob text, const char *name, struct blob *value);

/* Kconfig's tristate. */
enum ikconfig_state {
	IKCONFIG_N, /* not set, or set to something else than the others */
	IKCONFIG_M, /* a module */
	IKCONFIG_Y, /* built in */
};

/* Whether CONFIG_@name is built in, by the .config @text. */
enum ikconfig_state ikconfig_state(struct blob text, const char *name);

MINIVMM_END

#endif
