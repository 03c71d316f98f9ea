/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel that the user gave: its file, the command line and initrds of a unified image, and the
 * compressed kernel in the file, which is unpacked on the host or taken from the cache. A bzImage
 * that the host cannot unpack unpacks itself in the guest.
 */
#ifndef VMM_PAYLOAD_KERNEL_H
#define VMM_PAYLOAD_KERNEL_H

#include "loader/bzimage_kernel.h"
#include "loader/image.h"
#include "loader/unwrap.h"
#include "vmm/payload/cache.h"
#include "vmm/payload/infile.h"
#include "vmm/payload/payload_config.h"

/* Room for a unified image's command line. Linux takes at most 2048 on x86_64 and on arm64. */
enum { KERNEL_CMDLINE_BYTES = 4096 };

/* Who unpacked the compressed kernel in the file. */
enum unpacked_by {
	UNPACKED_BY_NOBODY, /* it is not compressed */
	UNPACKED_BY_HOST,
	UNPACKED_BY_CACHE, /* an earlier run of minivmm */
	UNPACKED_BY_GUEST, /* it will unpack itself */
};

/* What is known about the kernel's file. */
struct kernel_facts {
	enum image_format format;
	uint64_t bytes;
	bool is_uki;                    /* a unified kernel image */
	enum image_format linux_format; /* of a unified image's .linux */
	uint64_t initrd_bytes;          /* of a unified image's .ucode and .initrd */
	char version[128];              /* from a bzImage's header; "": none */
	enum unpacked_by unpacked_by;
	struct err why; /* UNPACKED_BY_GUEST: why minivmm could not unpack it */
	struct kaslr kaslr;
};

struct kernel {
	const struct payload_config *cfg; /* borrowed */
	struct kernel_facts facts;
	struct infile file;   /* infile_own() before more than its headers is used, except ELF */
	struct unwrap unwrap; /* views of the file */
	struct blob ucode, initrd; /* of a unified image, placed before --initrd; size 0: none */
	const char *cmdline;       /* --cmdline, else a unified image's, else the default */
	char cmdline_bytes[KERNEL_CMDLINE_BYTES]; /* a unified image's */
	struct blob inside; /* the unpacked kernel; size 0: none, or the host could not unpack it */
	struct cached cached; /* this or the next owns @inside */
	struct unpacked unpacked;
	struct err no_cache; /* why the cache could not be used; "": it was, or was not wanted */
};

/*
 * Opens the file and unpacks the kernel. Errors name the option: those of infile_open(),
 * infile_own(), unwrap_open() and uki_cmdline(); --kaslr on a machine whose kernels randomise
 * themselves. @k->cmdline and @k->facts stay valid after kernel_close().
 */
int kernel_open(struct kernel *k, const struct payload_config *cfg, struct err *e);

/*
 * Loads the kernel into @mem, and leaves room for an initrd of @initrd_bytes. Errors: those of
 * image_load_at(); --kaslr on for a kernel that cannot be moved.
 */
int kernel_load(struct kernel *k, uint64_t initrd_bytes, const struct gmem *mem, struct image *img,
		struct err *e);

/* Idempotent. */
void kernel_close(struct kernel *k);

#endif
