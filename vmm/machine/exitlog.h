/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The last exits of one vCPU: what a crashed guest did before. Written by the vCPU's own thread,
 * read when that has ended.
 */
#ifndef VMM_MACHINE_EXITLOG_H
#define VMM_MACHINE_EXITLOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { EXITLOG_ENTRIES = 16 };

struct exitlog_entry {
	uint32_t reason; /* KVM_EXIT_* */
	bool write;
	uint8_t size;  /* bytes; 0: no access */
	uint64_t addr; /* port or guest-physical address */
	uint64_t data;
	uint64_t repeated; /* how many more times in a row, with other data perhaps */
};

struct exitlog {
	struct exitlog_entry entry[EXITLOG_ENTRIES];
	uint64_t n; /* entries ever used */
};

/* Notes an exit. One to the same place as the last only counts up and keeps the newest data. */
void exitlog_add(struct exitlog *log, const struct exitlog_entry *exit);

/* Prints the exits, oldest first, one line each with @prefix. */
void exitlog_print(const struct exitlog *log, FILE *f, const char *prefix);

#endif
