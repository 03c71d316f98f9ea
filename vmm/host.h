/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What outlives a VM: the user's files, /dev/kvm, the console, what is remembered for the reports.
 */
#ifndef VMM_HOST_H
#define VMM_HOST_H

#include "arch/arch.h"
#include "vmm/base/timeline.h"
#include "vmm/cli/options.h"
#include "vmm/console/console.h"
#include "vmm/payload/initramfs.h"
#include "vmm/payload/initrd_check.h"
#include "vmm/payload/kernel.h"
#include "vmm/report/reporter.h"
#include "vmm/run/outcome.h"

/* All zero but for @cfg and @timeline. A VM borrows all of it. */
struct host {
	const struct config *cfg;
	struct kvm kvm;
	struct kernel kernel;
	struct blob initrd[STRINGS_MAX];  /* the files, as many as options say */
	struct blob init;                 /* size 0: none */
	struct blob dtb;                  /* size 0: none */
	struct initramfs initramfs;       /* of these; what the guest gets */
	struct initrd_check initrd_check; /* of all of them */
	struct console console;
	struct arch_log log;
	struct timeline timeline;
	struct outcome outcome;
	struct reporter reporter;
	int wake_fd; /* eventfd: something changed, for the loop to look at */
};

/* Opens the user's files and puts the initrd together. Errors name the option and the file. */
int host_open_files(struct host *host, struct err *e);

/* Compiles the patterns to watch for. Errors name the option and the pattern. */
int host_add_patterns(struct host *host, struct err *e);

/* Frees what host_add_patterns() made. (console_fini() does, too.) */
void host_free_patterns(struct host *host);

/* Idempotent: also once a guest is loaded, when none will be loaded again. */
void host_close_files(struct host *host);

/* Also opens KVM, and starts the console. On error the process ends: nothing is undone. */
int host_init(struct host *host, struct err *e);
void host_fini(struct host *host);

#endif
