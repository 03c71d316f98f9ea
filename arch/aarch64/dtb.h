/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The flattened device tree that tells an arm64 kernel what machine it is on.
 * Source: Devicetree Specification 0.4; Linux Documentation/devicetree/bindings for each node, and
 * Documentation/arch/arm64/booting.rst.
 */
#ifndef ARCH_AARCH64_DTB_H
#define ARCH_AARCH64_DTB_H

#include "arch/devdesc.h"
#include "loader/gmem.h"
#include "loader/initrd.h"

#include <stdbool.h>
#include <stddef.h>

MINIVMM_BEGIN

/* Random bytes for the guest, the caller's to choose. */
struct dtb_seeds {
	uint8_t rng[64];  /* for its random number generator */
	uint8_t kaslr[8]; /* for where its kernel lies */
};

/* What the tree says in addition to the address map. */
struct dtb_config {
	struct devlist devs;
	const struct gmem *mem;
	unsigned cpus;
	unsigned gic_version; /* 2 or 3 */
	bool pmu;             /* the vCPUs have one */
	const char *cmdline;
	struct initrd initrd; /* size 0: none */
	const struct dtb_seeds *seeds;
};

/* Bytes that are enough for dtb_build(). */
size_t dtb_room(const struct dtb_config *cfg);

/*
 * Writes the tree to @buf of @room bytes, at an address that is a multiple of 8. Returns how many
 * bytes it has, or -1. Errors: no room; a device that has no node.
 */
int dtb_build(const struct dtb_config *cfg, void *buf, size_t room, struct err *e);

/*
 * Writes the user's tree (@file, untrusted) instead, with /memory's reg and what /chosen says of
 * command line, initrd and seeds replaced by @cfg's. Everything else stays: the tree's CPUs and
 * devices are the user's business. The copy in @buf is what is checked: @file may change meanwhile,
 * @buf may not. Returns how many bytes the tree has, or -1. Errors: too short, or longer than 2
 * MiB; a wrong magic number; a size other than its header's; older than version 16; not
 * well-formed; no /chosen; cells that cannot hold an address; no room.
 */
int dtb_fill(struct blob file, const struct dtb_config *cfg, void *buf, size_t room, struct err *e);

/*
 * Copies the tree in @file to @gpa unchanged. Of @file, which is untrusted, only the header is
 * checked. Errors: @gpa not a multiple of 8; those of dtb_fill() about the header; not wholly in
 * RAM.
 */
int dtb_load(struct blob file, const struct gmem *mem, gpa_t gpa, struct err *e);

MINIVMM_END

#endif
