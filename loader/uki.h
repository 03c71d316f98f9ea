/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unified kernel images: a PE program, systemd's stub, with a kernel and what it is to be started
 * with in sections of its own (the UAPI Group's Unified Kernel Image specification;
 * systemd-stub(7)). The program is not run: the caller does what it would, and hands the sections
 * over.
 */
#ifndef LOADER_UKI_H
#define LOADER_UKI_H

#include "loader/pe.h"

MINIVMM_BEGIN

/*
 * What a boot takes. All are views of the file; data NULL: there is no such section. An image may
 * have several profiles: these are the sections before the first ".profile" and, in place of those
 * of the same name, those between it and the second, which is what the stub takes by default.
 */
struct uki {
	struct blob kernel;  /* .linux */
	struct blob cmdline; /* .cmdline */
	struct blob ucode;   /* .ucode: an initrd with microcode, which goes before .initrd */
	struct blob initrd;  /* .initrd */
};

/* True when @file is a PE file with a section .linux, wherever that section's bytes lie. */
bool uki_probe(struct blob file);

/*
 * Finds the sections of @file. Errors: pe_open()'s; one of these sections is not all in the file;
 * there is no .linux, or it is empty.
 */
int uki_open(struct blob file, struct uki *uki, struct err *e);

/*
 * Writes .cmdline as a string of at most @size bytes with its NUL: up to its first NUL, without
 * the blanks around it, each line's end and tab as a blank (so does systemd's stub). Error: it is
 * longer.
 */
int uki_cmdline(const struct uki *uki, char *text, size_t size, struct err *e);

MINIVMM_END

#endif
