/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unified kernel images: a PE program, systemd's stub, that has a kernel and what the kernel is to
 * be started with in sections of its own (the UAPI Group's Unified Kernel Image specification;
 * systemd-stub(7)). The program is not run: the caller passes the sections to the kernel in its
 * place.
 */
#ifndef LOADER_UKI_H
#define LOADER_UKI_H

#include "loader/pe.h"

MINIVMM_BEGIN

/*
 * The sections that a boot uses. All are views of the file; data NULL: there is no such section. An
 * image may have several profiles. The first one counts, as it does for the stub by default: a
 * section between the first ".profile" and the second replaces that of the same name before them.
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
 * Finds the sections of @file. Errors: those of pe_open(); one of these sections is not all in the
 * file; .linux is missing or empty.
 */
int uki_open(struct blob file, struct uki *uki, struct err *e);

/*
 * Writes .cmdline as a string of at most @size bytes with its NUL, as systemd's stub takes it: up
 * to the first NUL, without the blanks around it, with a blank for each line end and tab. Error: it
 * is longer.
 */
int uki_cmdline(const struct uki *uki, char *text, size_t size, struct err *e);

MINIVMM_END

#endif
