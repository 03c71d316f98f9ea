/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Thin, checked wrappers of the KVM ioctls. A leaf: knows nothing of machines or devices.
 * Source: Linux Documentation/virt/kvm/api.rst.
 */
#ifndef ARCH_KVM_H
#define ARCH_KVM_H

#include "loader/err.h"
#include "loader/gmem.h"

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>

#define DEV_KVM "/dev/kvm"

struct kvm {
	int fd;           /* /dev/kvm, owned */
	size_t run_bytes; /* KVM_GET_VCPU_MMAP_SIZE */
};

/* A KVM capability that is needed, and what it is called. */
struct kvm_need {
	int cap;
	const char *name; /* "KVM_CAP_..." */
};

/* The fix where there is no /dev/kvm at all: a half sentence, the architecture's. */
extern const char kvm_missing_fix[];

/* The fix for a failed open() of /dev/kvm, by its errno: a half sentence; NULL: none is known. */
const char *kvm_open_fix(int error);

/*
 * Opens /dev/kvm and checks KVM_GET_API_VERSION (12). Errors: the device cannot be opened, with
 * kvm_open_fix(), or with @otherwise where there is none; another API version; no run size.
 */
int kvm_open(struct kvm *kvm, const char *otherwise, struct err *e);
void kvm_close(struct kvm *kvm);

/* Error: @fd is not KVM's, or its API version is not 12. */
int kvm_check_version(int fd, struct err *e);

/* The value of KVM_CHECK_EXTENSION, 0 when the capability is absent. @fd: /dev/kvm or a VM. */
int kvm_cap(int fd, int cap);

/* Error: names the first capability of @need (@n of them) that @fd lacks. */
int kvm_need(int fd, const struct kvm_need *need, unsigned n, struct err *e);

/* Creates a VM of a type, 0 or the architecture's, and returns its descriptor, or -1. */
int kvm_vm_create(const struct kvm *kvm, unsigned long type, struct err *e);

/* Creates vCPU @id and returns its descriptor, or -1. */
int kvm_vcpu_create(int vm_fd, unsigned id, struct err *e);

/* ioctl() with its name in the error: "KVM_SET_SREGS: Invalid argument". Returns >= 0 or -1. */
int kvm_ioctl(int fd, unsigned long request, unsigned long arg, const char *name, struct err *e);

/* kvm_ioctl() with a pointer argument and the request's own name. */
#define KVM_CALL(fd, request, ptr, e) kvm_ioctl(fd, request, (unsigned long)(ptr), #request, e)

/* Enables a capability without arguments but @arg0. */
int kvm_enable_cap(int fd, unsigned cap, uint64_t arg0, const char *name, struct err *e);

/* Makes the ranges of @mem memory slots, as many as it takes. The host memory stays mapped as long
 * as the VM lives. */
int kvm_set_memory(int vm_fd, const struct gmem *mem, struct err *e);

/* There are fewer exit reasons than this: the size of an array of counts. */
enum { EXIT_REASONS = 64 };

/* The name of an exit reason, without "KVM_EXIT_"; NULL: it is not known here. */
const char *kvm_exit_name(uint32_t reason);

/* Sets the level of an interrupt line of KVM's irqchip, by KVM's number of it. */
void kvm_irq_line(int vm_fd, uint32_t line, bool level);

/* ioctl requests, for a filter of system calls. */
struct kvm_requests {
	const unsigned long *request;
	unsigned n;
};

/* What a VM's threads need while it runs, and what this file needs to build one. */
extern const struct kvm_requests kvm_run_requests, kvm_build_requests;

#endif
