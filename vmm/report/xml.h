/* SPDX-License-Identifier: BSD-3-Clause */
/* Text as it may stand in XML. Source: XML 1.0 (fifth edition), sections 2.2 and 2.4. */
#ifndef VMM_REPORT_XML_H
#define VMM_REPORT_XML_H

#include <stdio.h>

/*
 * Writes @text so that it may stand between tags and between double quotes. What is not UTF-8, or a
 * character that XML has no place for, becomes U+FFFD. A line break in an attribute reads as a
 * blank.
 */
void xml_text(FILE *f, const char *text);

#endif
