/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A board: the machine that minivmm makes on one architecture, as far as it is known without KVM.
 * Where its RAM and its devices lie, and what a kernel finds in memory when it is entered. Pure:
 * each board compiles on every host, and both link into one executable.
 */
#ifndef ARCH_BOARD_H
#define ARCH_BOARD_H

#include "arch/devdesc.h"
#include "loader/image.h"

#include <stdbool.h>
#include <stdint.h>

/* How the kernel is entered. */
enum boot_proto {
	BOOT_AUTO,    /* linux64, but PVH for an ELF that has its note and is not Linux */
	BOOT_LINUX64, /* the 64-bit Linux boot protocol */
	BOOT_PVH,     /* the 32-bit PVH entry */
};

/* The interrupt controllers that a guest finds. */
enum irqchip {
	IRQCHIP_APIC, /* two PICs, an IO-APIC, a local APIC for each CPU */
	IRQCHIP_GICV2,
	IRQCHIP_GICV3,
};

/* The CPUs that the user asked for. */
struct guest_cpus {
	unsigned n;
	bool nested; /* they let the guest run guests of its own */
	bool pmu;    /* they have a performance monitoring unit */
};

/* Random bytes for the guest. */
struct boot_seeds {
	uint8_t rng[64];  /* for its random number generator */
	uint8_t kaslr[8]; /* for the address of a kernel that chooses it by itself */
};

/* What is to be booted. All pointers are borrowed. */
struct boot_request {
	enum boot_proto proto;
	const char *cmdline;
	struct blob initrd; /* size 0: none */
	struct blob dtb;    /* the user's device tree, for a board that has_dtb; size 0: none */
	struct guest_cpus cpus;
	enum irqchip irqchip;
	const struct boot_seeds *seeds;
};

/* What a vCPU needs to know of what boot_write() wrote. */
struct boot {
	enum boot_proto proto; /* never BOOT_AUTO */
	gpa_t entry;
	gpa_t arg;           /* zero page, start_info, or device tree */
	size_t dtb_bytes;    /* of the device tree at arg; 0: there is none */
	uint32_t page_bytes; /* what the kernel's pages must be; 0: not known */
};

/* Which part of a request an error is about. */
enum refusal {
	REFUSAL_NONE, /* no single one */
	REFUSAL_PROTO,
	REFUSAL_CMDLINE,
	REFUSAL_DTB,
	REFUSAL_RAM,
	REFUSAL_CPUS,
	REFUSAL_NESTING,
	REFUSAL_PMU,
};

struct board {
	enum image_machine machine; /* that kernels are loaded for */
	const char *default_cmdline;
	const char *early_console; /* the kernel parameter for output before its console is up */
	uint64_t min_ram_bytes;    /* the smallest RAM that holds the boot structures */

	/* Where a kernel may lie; an initrd lies at its lowest or above, too. */
	const struct image_placement *kernel_place;
	struct devlist devices;
	enum irqchip irqchip; /* what guests get on most hosts */

	bool has_dtb;                  /* kernels are told of the machine by a device tree */
	bool kernel_randomises_itself; /* by a seed that it is given, wherever it was loaded */
	const char *no_nesting;        /* why no guest can run guests of its own; NULL: it can */

	/*
	 * Where @ram_bytes of RAM lie: up to GMEM_MAX_RANGES pairs of base and size. Returns how
	 * many.
	 */
	unsigned (*ram_layout)(uint64_t ram_bytes, gpa_t *base, uint64_t *size);

	/*
	 * Writes what the boot protocol wants into guest memory: initrd, command line, tables.
	 * Errors: the protocol is not one that the image offers (then @boot->proto is the one that
	 * was chosen); the command line is longer than the kernel takes; no room; a device tree
	 * that dtb_fill() refuses. *@refusal is set with every error.
	 */
	int (*boot_write)(const struct gmem *mem, const struct image *img,
			  const struct boot_request *request, struct boot *boot,
			  enum refusal *refusal, struct err *e);
};

extern const struct board board_x86_64, board_aarch64;

/* The one of the architecture that minivmm is built for. */
extern const struct board *const board_native;

#endif
