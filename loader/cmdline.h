/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bounded builder of kernel command lines.
 *
 * A command line is kernel parameters, then optionally " -- " and arguments for init. The builder
 * keeps both parts and puts them together in cmdline_render(). Rules: Linux
 * Documentation/admin-guide/kernel-parameters.rst and lib/cmdline.c:next_arg().
 */
#ifndef LOADER_CMDLINE_H
#define LOADER_CMDLINE_H

#include "loader/err.h"
#include "loader/gmem.h"

#include <stdbool.h>
#include <stddef.h>

MINIVMM_BEGIN

enum { CMDLINE_MAX_BYTES = 65536 }; /* no kernel of ours takes more; with the NUL */

struct cmdline {
	char *boot;      /* borrowed storage, NUL-terminated */
	char *init;      /* borrowed storage, NUL-terminated */
	size_t capacity; /* bytes of the rendered line with its NUL; each storage has as many */
};

/*
 * Starts an empty command line. @storage is the caller's, 2 * @capacity bytes, and outlives @c.
 * @capacity counts the NUL: the kernel's limit (cmdline_size) plus one.
 * Errors: capacity 0, or more than CMDLINE_MAX_BYTES.
 */
int cmdline_init(struct cmdline *c, char *storage, size_t capacity, struct err *e);

/*
 * Appends "key=value" as one kernel parameter. A value with a space is put in double quotes.
 * Errors, nothing changed: an empty key or value; a key with '=', a space or a quote; a value with
 * a double quote (the kernel cannot escape one); a control or non-ASCII character in either;
 * the line would be longer than the capacity.
 */
int cmdline_add_kv(struct cmdline *c, const char *key, const char *value, struct err *e);

/*
 * Appends "key=value,value..." as one kernel parameter, all values in double quotes if one has a
 * space. Errors, nothing changed: those of cmdline_add_kv(); no value; a value with a comma.
 */
int cmdline_add_list(struct cmdline *c, const char *key, const char *const *values, size_t n,
		     struct err *e);

/*
 * Appends "virtio_mmio.device=SIZE@BASE:IRQ", and ":ID" if @id is not negative: a virtio-mmio
 * device for a kernel with CONFIG_VIRTIO_MMIO_CMDLINE_DEVICES. @bytes is written with K, M or G
 * where that is exact. Errors, nothing changed: 0 bytes; too long.
 */
int cmdline_add_virtio_mmio(struct cmdline *c, uint64_t bytes, gpa_t base, uint32_t irq, int id,
			    struct err *e);

/*
 * Appends kernel parameters verbatim. Errors, nothing changed: control or non-ASCII characters;
 * a quote that is not closed; a parameter "--" (use cmdline_add_init()); too long.
 */
int cmdline_add_string(struct cmdline *c, const char *params, struct err *e);

/*
 * Appends arguments for init, which come after " -- ". Errors, nothing changed: as for
 * cmdline_add_string() (but "--" is an ordinary argument here).
 */
int cmdline_add_init(struct cmdline *c, const char *args, struct err *e);

/*
 * Takes a whole line as a user writes it: splits it at the first parameter that is "--" to the
 * kernel (also where it is quoted as a whole, and at the line's start or end) and adds both parts
 * verbatim. Errors, nothing changed: as for the two above.
 */
int cmdline_parse(struct cmdline *c, const char *line, struct err *e);

/*
 * True when @line, as a user writes it, has the word @name, alone or with "=VALUE". Like Linux's
 * search at the very start of a boot (arch/x86/boot/cmdline.c) it knows no quotes and no "--".
 */
bool cmdline_has(const char *line, const char *name);

/* Length of the rendered line in bytes without its NUL. */
size_t cmdline_length(const struct cmdline *c);

/* Writes the rendered line with its NUL: cmdline_length() + 1 bytes, at most the capacity. */
void cmdline_render(const struct cmdline *c, char *dst);

/* Renders at @gpa. Error: not wholly in RAM. */
int cmdline_load(const struct cmdline *c, const struct gmem *mem, gpa_t gpa, struct err *e);

MINIVMM_END

#endif
