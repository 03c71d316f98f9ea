/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * argv -> struct config. Nothing is opened or printed here.
 */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include "arch/board.h"
#include "loader/err.h"

#include <stdbool.h>
#include <stdint.h>

/* How many times an option that may be repeated can be given. */
enum { OPTIONS_REPEAT = 64 };

struct strings {
	const char *at[OPTIONS_REPEAT];
	unsigned n;
};

enum action {
	ACTION_RUN,
	ACTION_DRY_RUN,
	ACTION_CHECK,
	ACTION_INSPECT,
	ACTION_HELP,
	ACTION_VERSION
};
enum on_reboot { ON_REBOOT_EXIT, ON_REBOOT_RESTART };
enum kaslr_mode { KASLR_AUTO, KASLR_ON, KASLR_OFF };
enum seccomp_mode { SECCOMP_ON, SECCOMP_LOG, SECCOMP_OFF };

struct config {
	enum action action;
	const char *kernel; /* NULL: the embedded guest */
	struct strings initrd;
	const char *init;       /* NULL: the initrd's own */
	char *const *init_args; /* argv's end */
	unsigned n_init_args;
	const char *cmdline; /* NULL: a unified image's, else the board's default */
	unsigned cpus;
	uint64_t memory_bytes;
	enum boot_proto boot;
	const char *dtb, *dump_dtb; /* NULL: none; the board has_dtb otherwise */
	enum kaslr_mode kaslr;
	enum on_reboot on_reboot;
	enum seccomp_mode seccomp;
	bool overcommit; /* memory_bytes may be more than the host's RAM and swap */
	bool no_cache;
	bool nested, pmu; /* the guest may run guests; it has performance counters */
	bool allow_silent_reboot;
	bool expect_ordered, until_expected, fail_on_warning, ktap;
	bool timestamps, quiet;
	bool json; /* ACTION_INSPECT alone, as is kernel then */

	struct strings expect, fail_on, ignore_warning; /* regular expressions, not compiled yet */
	uint64_t timeout_ns, idle_timeout_ns;           /* 0: none */
	const char *log, *report, *junit;               /* NULL: none */
};

/*
 * Parses the arguments; the strings stay argv's. Errors: an unknown or ambiguous option, a missing
 * or superfluous argument, an option twice, a value out of range, options that contradict.
 */
int options_parse(int argc, char **argv, struct config *cfg, struct err *e);

/* The word that --boot takes for it. */
const char *options_boot_name(enum boot_proto proto);

extern const char options_help[];

#endif
