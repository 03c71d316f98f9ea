/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the guest's Linux will unpack its initrd: what is known before it runs, and what to try
 * when it could not. A Linux that cannot unpack its initrd boots on without it, and may have
 * another root file system: nothing here is an error.
 */
#ifndef VMM_PAYLOAD_INITRD_CHECK_H
#define VMM_PAYLOAD_INITRD_CHECK_H

#include "loader/blob.h"
#include "loader/err.h"
#include "vmm/watch/cause.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero: there is no initrd. */
struct initrd_check {
	bool given;
	const char *format, *config; /* of the first that is compressed: see initrd_scan.h */
	uint64_t bytes, unpacked_bytes,
		window_bytes; /* of all; unpacked_bytes by what headers say */
	bool too_large;       /* the problem is --memory's, not the initrd's */
	struct err problem;   /* the first one, with the initrd's name; "": none is known */
};

/* Adds an initrd, in the order in which the guest gets them. @name is for messages. */
void initrd_check_add(struct initrd_check *c, const char *name, struct blob initrd);

/* Compares what they need with what there is beside the kernel. */
void initrd_check_ram(struct initrd_check *c, uint64_t kernel_bytes, uint64_t ram_bytes);

/*
 * Looks in the configuration that the unpacked @kernel may carry for what unpacks them. Only for
 * compressions that are rare: all bytes of a kernel are searched, which takes some 10 ms.
 */
void initrd_check_config(struct initrd_check *c, struct blob kernel);

/*
 * The guest's kernel panicked of @cause; @said is why it could not unpack the initrd, "" where it
 * said nothing. True when the initrd may be the cause: writes what to try.
 */
bool initrd_check_hint(const struct initrd_check *c, enum panic_cause cause, const char *said,
		       char *text, size_t size);

#endif
