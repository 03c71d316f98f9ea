/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --log: a file with the console's output as it is shown. Written by the console's thread.
 */
#ifndef VMM_CONSOLE_LOG_H
#define VMM_CONSOLE_LOG_H

#include "loader/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log {
	const char *path; /* borrowed; NULL: no log */
	int fd;           /* owned; -1: closed */
	int error;    /* errno of a failed write, after which nothing more is written; 0: none */
	bool hurried; /* a write that blocks is given up, and counts as failed; atomic */
};

/* Creates or truncates the file. Error: it cannot be opened. */
int log_open(struct log *l, const char *path, struct err *e);

/* Does nothing without a log, or after an error. */
void log_write(struct log *l, const uint8_t *data, size_t n);

/* An error of close() counts, too: a full disk may be reported only there. */
void log_close(struct log *l);

#endif
