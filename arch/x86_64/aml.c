/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing AML: see aml.h. Section numbers are ACPI 6.5's. */
#include "arch/x86_64/aml.h"

#include <string.h>

/* 20.3, AML byte stream byte values */
enum {
	ZERO_OP = 0x00,
	ONE_OP = 0x01,
	NAME_OP = 0x08,
	BYTE_PREFIX = 0x0a,
	WORD_PREFIX = 0x0b,
	DWORD_PREFIX = 0x0c,
	STRING_PREFIX = 0x0d,
	SCOPE_OP = 0x10,
	BUFFER_OP = 0x11,
	PACKAGE_OP = 0x12,
	EXT_OP_PREFIX = 0x5b,
	EXT_DEVICE_OP = 0x82,
	ROOT_CHAR = '\\',
};

enum {
	NAME_SEG_BYTES = 4,
	PKG_LENGTH_MAX_BYTES = 4,
};

void aml_init(struct aml *a, void *bytes, size_t size)
{
	*a = (struct aml){.bytes = bytes, .size = size};
}

/* Makes room for @len bytes at @at, moving what follows. False: no room. */
static bool insert(struct aml *a, size_t at, const void *src, size_t len)
{
	if (a->overflow || len > a->size - a->used) {
		a->overflow = true;
		return false;
	}
	memmove(a->bytes + at + len, a->bytes + at, a->used - at);
	memcpy(a->bytes + at, src, len);
	a->used += len;
	return true;
}

static void put(struct aml *a, const void *src, size_t len)
{
	insert(a, a->used, src, len);
}

static void put_byte(struct aml *a, uint8_t byte)
{
	put(a, &byte, 1);
}

/* 20.2.2: an optional root character and one NameSeg, padded with underscores. */
static void put_name_string(struct aml *a, const char *name)
{
	char seg[NAME_SEG_BYTES];

	if (*name == ROOT_CHAR) {
		put_byte(a, ROOT_CHAR);
		name++;
	}
	size_t len = strlen(name);
	if (len < 1 || len > sizeof(seg)) {
		a->overflow = true;
		return;
	}
	memset(seg, '_', sizeof(seg));
	memcpy(seg, name, len);
	put(a, seg, sizeof(seg));
}

/* Where the PkgLength will go: the term's content starts there. */
static size_t open_here(struct aml *a)
{
	return a->used;
}

/*
 * 20.2.4, PkgLength: it counts itself. One byte holds 6 bits; else the first byte says in bits 7:6
 * how many bytes follow and holds the low 4 bits.
 */
void aml_close(struct aml *a, size_t opened)
{
	uint8_t pkg[PKG_LENGTH_MAX_BYTES];
	size_t content = a->used - opened;
	size_t n = 1;

	if (content + n > 0x3f) {
		while (++n < PKG_LENGTH_MAX_BYTES && (content + n) >> (4 + 8 * (n - 1)))
			;
	}
	size_t length = content + n;
	if (n == 1) {
		pkg[0] = (uint8_t)length;
	} else {
		pkg[0] = (uint8_t)((n - 1) << 6 | (length & 0xf));
		for (size_t i = 1; i < n; i++)
			pkg[i] = (uint8_t)(length >> (4 + 8 * (i - 1)));
	}
	insert(a, opened, pkg, n);
}

size_t aml_open_scope(struct aml *a, const char *name)
{
	put_byte(a, SCOPE_OP);
	size_t opened = open_here(a);
	put_name_string(a, name);
	return opened;
}

size_t aml_open_device(struct aml *a, const char *name)
{
	put_byte(a, EXT_OP_PREFIX);
	put_byte(a, EXT_DEVICE_OP);
	size_t opened = open_here(a);
	put_name_string(a, name);
	return opened;
}

size_t aml_open_package(struct aml *a, uint8_t elements)
{
	put_byte(a, PACKAGE_OP);
	size_t opened = open_here(a);
	put_byte(a, elements);
	return opened;
}

size_t aml_open_resources(struct aml *a)
{
	put_byte(a, BUFFER_OP);
	return open_here(a);
}

/* A buffer's first term is its size as an integer (20.2.5.4), known only now. */
void aml_close_resources(struct aml *a, size_t opened)
{
	static const uint8_t end_tag[] = {0x79, 0}; /* 6.4.2.9; checksum 0: not used */
	put(a, end_tag, sizeof(end_tag));

	size_t content = a->used - opened;
	a->overflow |= content > 0xff;
	const uint8_t size[] = {BYTE_PREFIX, (uint8_t)content};
	insert(a, opened, size, sizeof(size));
	aml_close(a, opened);
}

void aml_name(struct aml *a, const char *name)
{
	put_byte(a, NAME_OP);
	put_name_string(a, name);
}

void aml_integer(struct aml *a, uint32_t value)
{
	if (value <= 1) {
		put_byte(a, value ? ONE_OP : ZERO_OP);
		return;
	}
	size_t n = value <= 0xff ? 1 : value <= 0xffff ? 2 : 4;
	put_byte(a, n == 1 ? BYTE_PREFIX : n == 2 ? WORD_PREFIX : DWORD_PREFIX);
	for (size_t i = 0; i < n; i++)
		put_byte(a, (uint8_t)(value >> (8 * i)));
}

void aml_string(struct aml *a, const char *text)
{
	put_byte(a, STRING_PREFIX);
	put(a, text, strlen(text) + 1);
}

static uint32_t hex_digit(char c)
{
	return (uint32_t)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* 19.3.4: three letters of 5 bits and four digits, the first byte the most significant one. */
void aml_eisa_id(struct aml *a, const char *id)
{
	uint32_t value = 0;

	if (strlen(id) != 7) {
		a->overflow = true;
		return;
	}
	for (int i = 0; i < 3; i++)
		value = value << 5 | (uint32_t)(id[i] - '@');
	for (int i = 3; i < 7; i++)
		value = value << 4 | hex_digit(id[i]);
	aml_integer(a, __builtin_bswap32(value));
}

/* 6.4.2.5, I/O port descriptor: 16-bit decoding, at one place only. */
void aml_io(struct aml *a, uint16_t base, uint8_t ports)
{
	const uint8_t lo = (uint8_t)base, hi = (uint8_t)(base >> 8);
	const uint8_t io[] = {0x47, 1, lo, hi, lo, hi, 1, ports};
	put(a, io, sizeof(io));
}

/* 6.4.3.6, extended interrupt descriptor; flags: consumer, level, active high, exclusive. */
void aml_interrupt(struct aml *a, uint32_t gsi)
{
	const uint8_t head[] = {0x89, 6, 0, 0x01, 1};
	put(a, head, sizeof(head));
	for (int i = 0; i < 4; i++)
		put_byte(a, (uint8_t)(gsi >> (8 * i)));
}
