/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The error value: one line of text that states a fact with its numbers.
 *
 * Functions that can fail return 0 or -1 and take a struct err * as last argument. The lowest level
 * writes the fact ("bzImage: setup_sects=200 ..."); a caller may add its context before it. Nothing
 * here prints, allocates or exits.
 */
#ifndef LOADER_ERR_H
#define LOADER_ERR_H

#include "loader/api.h"

MINIVMM_BEGIN

enum { ERR_TEXT_BYTES = 320 };

struct err {
	char text[ERR_TEXT_BYTES]; /* always NUL-terminated; a longer text is cut */
};

/*
 * Writes the text, printf-like. @e may be NULL when the caller does not want the text.
 * Returns -1 always, so that a function can end with `return err_set(e, ...)`.
 */
int err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts "CONTEXT: " before the text that is there. Returns -1 always, like err_set(). */
int err_context(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

MINIVMM_END

#endif
