/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What minivmm says of itself, on stderr. Nothing else in the program writes there, but for the
 * last words of a signal handler (sandbox/guard.h). Each message is one write; a pipe that nobody
 * reads takes a second and no more.
 */
#ifndef VMM_BASE_MESSAGE_H
#define VMM_BASE_MESSAGE_H

#include "loader/blob.h"
#include "loader/err.h"

/* "minivmm: ..." */
void message_error(const struct err *e);

/* "minivmm: warning: ..." */
void message_warning(const char *text);

/* The text as it is. */
void message_text(struct blob text);

#endif
