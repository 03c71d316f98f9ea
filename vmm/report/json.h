/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes JSON, a member a line. Source: RFC 8259.
 */
#ifndef VMM_REPORT_JSON_H
#define VMM_REPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* All zero but for @f: nothing is written yet. */
struct json {
	FILE *f; /* borrowed; its error flag says whether all could be written */
	unsigned depth;
	bool inside; /* something stands before the next member of this object or array */
};

/* @key is a constant of ASCII without quotes; NULL in an array and for the outermost value. */
void json_begin(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_end(struct json *j, char bracket);                    /* '}' or ']' */
/* @text of NULL is null. What is not UTF-8 becomes U+FFFD. */
void json_string(struct json *j, const char *key, const char *text);
void json_text(struct json *j, const char *key, const char *text); /* the same; "" is null, too */
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

#endif
