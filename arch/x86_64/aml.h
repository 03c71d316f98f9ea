/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing AML, ACPI's byte code: just the few terms that describe devices.
 * Source: ACPI 6.5, chapter 20 (AML), and 6.4 (resource descriptors).
 *
 * A term that holds others is opened and closed; its length is filled in when it is closed:
 *
 *	size_t dev = aml_open_device(&a, "COM1");
 *	aml_name(&a, "_UID");
 *	aml_integer(&a, 1);
 *	aml_close(&a, dev);
 */
#ifndef ARCH_X86_64_AML_H
#define ARCH_X86_64_AML_H

#include "loader/api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aml {
	uint8_t *bytes; /* the caller's */
	size_t size;
	size_t used;
	bool overflow; /* something did not fit, a name or an id had a wrong length, or a template
			  more than 255 bytes: the contents are useless */
};

void aml_init(struct aml *a, void *bytes, size_t size);

/*
 * Each returns what aml_close() takes. @name: up to 4 characters; those after a "\\" count from the
 * root.
 */
size_t aml_open_scope(struct aml *a, const char *name);
size_t aml_open_device(struct aml *a, const char *name);
size_t aml_open_package(struct aml *a, uint8_t elements);
size_t aml_open_resources(struct aml *a);
void aml_close(struct aml *a, size_t opened);
/* Closes what aml_open_resources() opened. */
void aml_close_resources(struct aml *a, size_t opened);

/* Name(@name, ...): the next term is its value. */
void aml_name(struct aml *a, const char *name);
void aml_integer(struct aml *a, uint32_t value);
void aml_string(struct aml *a, const char *text);
/* EisaId(@id): three capitals and four hexadecimal digits, "PNP0501". */
void aml_eisa_id(struct aml *a, const char *id);

/* Descriptors within a resource template. */
void aml_io(struct aml *a, uint16_t base, uint8_t ports);
/* A level-triggered, active-high, exclusive interrupt that the device consumes. */
void aml_interrupt(struct aml *a, uint32_t gsi);

#endif
