/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The messages of minivmm itself, on stderr. Nothing else in the program writes there, except the
 * last words of a signal handler (sandbox/guard.h). Each message is one write.
 *
 * This is the front door of base/, which has what every room uses and which uses none of them:
 * messages, threads, files, clocks, the exit status.
 */
#ifndef VMM_BASE_MESSAGE_H
#define VMM_BASE_MESSAGE_H

#include "loader/blob.h"
#include "loader/err.h"

/* "minivmm: ...". Waits for a slow reader, because nothing else says why. */
void message_error(const struct err *e);

/* "minivmm: warning: ...". Also waits. */
void message_warning(const char *text);

/* The text as it is. When nobody reads the pipe, it is given up after a second. */
void message_text(struct blob text);

#endif
