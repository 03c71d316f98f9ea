/* SPDX-License-Identifier: BSD-3-Clause */
/* Escapes text for XML. Source: XML 1.0 (fifth edition), sections 2.2 and 2.4. */
#ifndef VMM_REPORT_XML_H
#define VMM_REPORT_XML_H

#include <stdio.h>

/*
 * Writes @text escaped for use between tags and between double quotes. Bytes that are not UTF-8,
 * and characters that XML does not allow, become U+FFFD. A line break in an attribute is read as a
 * blank.
 */
void xml_text(FILE *f, const char *text);

#endif
