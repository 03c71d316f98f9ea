/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The values of options, from text to a field of struct config. Each function is a `store` of
 * struct option_row, whose contract it keeps; the type in parentheses is that of the field.
 */
#ifndef VMM_CLI_OPTION_VALUE_H
#define VMM_CLI_OPTION_VALUE_H

#include "vmm/cli/option.h"

/* (bool) True. */
int option_store_flag(const struct option_row *row, const char *text, void *field, struct err *e);

/* (unsigned, or an enumeration) The row's @constant. */
int option_store_constant(const struct option_row *row, const char *text, void *field,
			  struct err *e);

/* (unsigned, or an enumeration) The value of one of the row's @words. Error: it is none of them. */
int option_store_word(const struct option_row *row, const char *text, void *field, struct err *e);

/* (const char *) Any text, an empty one as well. */
int option_store_text(const struct option_row *row, const char *text, void *field, struct err *e);

/* (const char *) A file's name. Error: it is empty. */
int option_store_file(const struct option_row *row, const char *text, void *field, struct err *e);

/* (struct strings) One more text, or file's name. Error: there are STRINGS_MAX already. */
int option_store_texts(const struct option_row *row, const char *text, void *field, struct err *e);
int option_store_files(const struct option_row *row, const char *text, void *field, struct err *e);

/* (unsigned) A number of vCPUs. KVM's own limit is checked when it is known. */
int option_store_cpus(const struct option_row *row, const char *text, void *field, struct err *e);

/* (uint64_t) RAM in bytes: whole pages, at least arch_min_ram_bytes, at most 64 TiB. */
int option_store_memory(const struct option_row *row, const char *text, void *field, struct err *e);

/* (uint64_t) A duration in nanoseconds. */
int option_store_duration(const struct option_row *row, const char *text, void *field,
			  struct err *e);

#endif
