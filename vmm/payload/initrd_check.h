/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether the guest's Linux will be able to unpack its initrd: problems that are known before it
 * runs, and a hint when it failed. Nothing here is an error, because a Linux that cannot unpack its
 * initrd boots without it, and may have another root file system.
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
	const char *format, *config; /* of the first compressed one: see initrd_scan.h */
	uint64_t bytes, unpacked_bytes,
		window_bytes; /* of all initrds; unpacked_bytes as their headers state it */
	bool too_large;       /* the problem is a --memory that is too small, not the initrd */
	struct err problem;   /* the first one, with the initrd's name; "": none is known */
};

/* Adds an initrd, in the order in which the guest gets them. @name is for messages. */
void initrd_check_add(struct initrd_check *c, const char *name, struct blob initrd);

/* Compares the memory that the initrds need with what the kernel leaves of the RAM. */
void initrd_check_ram(struct initrd_check *c, uint64_t kernel_bytes, uint64_t ram_bytes);

/*
 * Checks that @kernel, which is unpacked, supports the compression of the initrds, if its
 * configuration is embedded. Only done for rare compressions, because the search through all bytes
 * of the kernel takes some 10 ms.
 */
void initrd_check_config(struct initrd_check *c, struct blob kernel);

/*
 * The guest's kernel panicked because of @cause; @said is its reason for not unpacking the initrd,
 * "" if it gave none. True when the initrd may be the cause; then @text is what to try.
 */
bool initrd_check_hint(const struct initrd_check *c, enum panic_cause cause, const char *said,
		       char *text, size_t size);

#endif
