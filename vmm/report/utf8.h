/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads UTF-8 for the reports. The bytes of command lines, patterns and the console come from the
 * user or the guest, and neither JSON nor XML accepts bytes that are not text. Source: RFC 3629,
 * section 4.
 */
#ifndef VMM_REPORT_UTF8_H
#define VMM_REPORT_UTF8_H

#include <stdint.h>

enum { UTF8_REPLACEMENT = 0xfffd };

/*
 * Returns the first character of the NUL-terminated *@text, and moves *@text past it. For a byte
 * that does not begin a character, that is UTF8_REPLACEMENT. At the end, returns 0 and leaves
 * *@text.
 */
uint32_t utf8_next(const char **text);

#endif
