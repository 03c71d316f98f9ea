/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * argv -> struct config. Nothing is opened or printed here.
 */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include "arch/arch.h"
#include "loader/err.h"

#include <stdbool.h>
#include <stdint.h>

enum action { ACTION_RUN, ACTION_CHECK, ACTION_HELP, ACTION_VERSION };
enum on_reboot { ON_REBOOT_EXIT, ON_REBOOT_RESTART };
enum seccomp_mode { SECCOMP_ON, SECCOMP_LOG, SECCOMP_OFF };

struct config {
	enum action action;
	const char *kernel;  /* NULL: the embedded guest */
	const char *initrd;  /* NULL: none */
	const char *cmdline; /* NULL: arch_default_cmdline */
	unsigned cpus;
	uint64_t memory_bytes;
	enum boot_proto boot;
	enum on_reboot on_reboot;
	enum seccomp_mode seccomp;
};

/*
 * Parses the arguments; the strings stay argv's. Errors: an unknown or ambiguous option, a missing
 * or superfluous argument, an option twice, a value out of range, options that contradict.
 */
int options_parse(int argc, char **argv, struct config *cfg, struct err *e);

/*
 * A size: a decimal number of MiB, or of K, M, G or T (1024-based, upper or lower case, perhaps
 * with "iB" or "B" behind). Errors: garbage, zero, more than 64 bits.
 */
int options_parse_size(const char *text, uint64_t *bytes, struct err *e);

extern const char options_help[];

#endif
