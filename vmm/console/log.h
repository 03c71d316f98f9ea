/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --log: a file that gets the console's output as it is shown. Written by the console's thread.
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
	int error;        /* errno of the write that failed, after which nothing more is written */
	bool hurried;     /* a write that waits is broken off, and counts as failed; atomic */
};

/* Creates or empties the file. Error: it cannot be opened. */
int log_open(struct log *l, const char *path, struct err *e);

/* Nothing happens without a log, or after an error. */
void log_write(struct log *l, const uint8_t *data, size_t n);

/* Also an error of close() counts: a full disk may show late. */
void log_close(struct log *l);

#endif
