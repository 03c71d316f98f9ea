/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes JSON, one member on each line. Source: RFC 8259.
 */
#ifndef VMM_REPORT_JSON_H
#define VMM_REPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* All zero except @f: nothing is written yet. */
struct json {
	FILE *f; /* borrowed; its error flag is set when a write failed */
	unsigned depth;
	bool inside; /* this object or array has a member already */
};

/* @key is a constant of ASCII without quotes; NULL in an array and for the outermost value. */
void json_begin(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_end(struct json *j, char bracket);                    /* '}' or ']' */
/* If @text is NULL, writes null. Bytes that are not UTF-8 become U+FFFD. */
void json_string(struct json *j, const char *key, const char *text);
void json_text(struct json *j, const char *key, const char *text); /* the same; "" is null, too */
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

#endif
