/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Converts the values of options from text and stores them in a struct config. Each function is a
 * `store` of struct option_row and keeps its contract; the type in parentheses is the field's.
 */
#ifndef VMM_CLI_OPTION_VALUE_H
#define VMM_CLI_OPTION_VALUE_H

#include "vmm/cli/option.h"

/* (bool) Stores true. */
int option_store_flag(const struct option_row *row, const char *text, void *field, struct err *e);

/* (unsigned, or an enumeration) Stores the row's @constant. */
int option_store_constant(const struct option_row *row, const char *text, void *field,
			  struct err *e);

/* (unsigned, or an enumeration) The value of a word in the row's @words. Error: it is not there. */
int option_store_word(const struct option_row *row, const char *text, void *field, struct err *e);

/* (const char *) Any text, including an empty one. */
int option_store_text(const struct option_row *row, const char *text, void *field, struct err *e);

/* (const char *) A file name. Error: it is empty. */
int option_store_file(const struct option_row *row, const char *text, void *field, struct err *e);

/* (struct strings) Appends a text, or a file name. Error: there are STRINGS_MAX already. */
int option_store_texts(const struct option_row *row, const char *text, void *field, struct err *e);
int option_store_files(const struct option_row *row, const char *text, void *field, struct err *e);

/* (unsigned) A number of vCPUs, at most 65535. KVM's own limit is checked later. */
int option_store_cpus(const struct option_row *row, const char *text, void *field, struct err *e);

/* (uint64_t) RAM in bytes: whole pages, at least the board's min_ram_bytes, at most 64 TiB. */
int option_store_memory(const struct option_row *row, const char *text, void *field, struct err *e);

/* (uint64_t) A duration in nanoseconds. */
int option_store_duration(const struct option_row *row, const char *text, void *field,
			  struct err *e);

#endif
