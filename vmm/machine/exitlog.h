/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The last exits of one vCPU: what the guest did before it crashed. Written by the vCPU's own
 * thread, read after that thread has ended.
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
	uint8_t size;  /* in bytes; 0: not an access */
	uint64_t addr; /* port or guest-physical address */
	uint64_t data;
	uint64_t repeated; /* how many more times in a row, perhaps with other data */
};

struct exitlog {
	struct exitlog_entry entry[EXITLOG_ENTRIES];
	uint64_t n; /* entries written so far, overwritten ones included */
};

/* Adds an exit. One to the same place as the last is only counted, and replaces its data. */
void exitlog_add(struct exitlog *log, const struct exitlog_entry *exit);

/* Prints the exits, the oldest first, each on a line with @prefix. */
void exitlog_print(const struct exitlog *log, FILE *f, const char *prefix);

#endif
