/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel that the user gave: its file, what a unified image starts it with, and what is packed
 * in it, unpacked on the host, from the cache where it is there. A bzImage that cannot be unpacked
 * here unpacks itself in the guest.
 */
#ifndef VMM_PAYLOAD_KERNEL_H
#define VMM_PAYLOAD_KERNEL_H

#include "loader/bzimage_kernel.h"
#include "loader/image.h"
#include "loader/unwrap.h"
#include "vmm/payload/cache.h"
#include "vmm/payload/infile.h"
#include "vmm/payload/payload_config.h"

/* Of a unified image's own command line. Linux's longest has 2048 on x86_64 and on arm64. */
enum { KERNEL_CMDLINE_BYTES = 4096 };

/* Who unpacked what is packed in the kernel's file. */
enum unpacked_by {
	UNPACKED_BY_NOBODY, /* it is not packed */
	UNPACKED_BY_HOST,
	UNPACKED_BY_CACHE, /* an earlier run's minivmm */
	UNPACKED_BY_GUEST, /* it will unpack itself */
};

/* What is known of the kernel's file. */
struct kernel_facts {
	enum image_format format;
	uint64_t bytes;
	bool is_uki;                    /* a unified kernel image */
	enum image_format linux_format; /* of its .linux */
	uint64_t initrd_bytes;          /* of a unified image's .ucode and .initrd */
	char version[128];              /* what a bzImage's header says; "": nothing */
	enum unpacked_by unpacked_by;
	struct err why; /* UNPACKED_BY_GUEST: what kept minivmm from unpacking it */
	struct kaslr kaslr;
};

struct kernel {
	const struct payload_config *cfg; /* borrowed */
	struct kernel_facts facts;
	struct infile file;   /* infile_own()ed before more than its headers is used, but for ELF */
	struct unwrap unwrap; /* views of the file */
	struct blob ucode, initrd; /* of a unified image, to go before --initrd; size 0: none */
	const char *cmdline;       /* --cmdline, else a unified image's, else the default */
	char cmdline_bytes[KERNEL_CMDLINE_BYTES]; /* a unified image's */
	struct blob inside;   /* what is packed in it; size 0: nothing, or nobody could unpack it */
	struct cached cached; /* one of these two owns it */
	struct unpacked unpacked;
	struct err no_cache; /* why a cache that was wanted was not used; "": it was */
};

/*
 * Errors: infile_open()'s and infile_own()'s; unwrap_open()'s and uki_cmdline()'s; --kaslr on a
 * machine whose kernels see to that by themselves. The option is named. cmdline and facts remain
 * after kernel_close().
 */
int kernel_open(struct kernel *k, const struct payload_config *cfg, struct err *e);

/*
 * Loads it into @mem; an initrd of @initrd_bytes will come. Errors: image_load_at()'s; --kaslr on
 * for a kernel that cannot be moved.
 */
int kernel_load(struct kernel *k, uint64_t initrd_bytes, const struct gmem *mem, struct image *img,
		struct err *e);

/* Idempotent. */
void kernel_close(struct kernel *k);

#endif
