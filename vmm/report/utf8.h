/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * UTF-8 in what a report shows: command lines and patterns are the user's bytes, the console's are
 * a guest's, and neither JSON nor XML takes bytes that are no text.
 * Source: RFC 3629, section 4.
 */
#ifndef VMM_REPORT_UTF8_H
#define VMM_REPORT_UTF8_H

#include <stdint.h>

enum { UTF8_REPLACEMENT = 0xfffd };

/*
 * The character that the NUL-terminated *@text begins with; *@text moves past it. A byte that
 * begins no character is UTF8_REPLACEMENT. 0 at the end, where *@text stays.
 */
uint32_t utf8_next(const char **text);

#endif
