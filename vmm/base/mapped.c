/* SPDX-License-Identifier: BSD-3-Clause */
/* The addresses of mapped files: see mapped.h. */
#include "vmm/base/mapped.h"

/* Changed only by the main thread. The mapping is valid while the path is not NULL. */
static struct {
	struct blob mapping;
	const char *volatile path;
} files[MAPPED_MAX];

void mapped_add(struct blob mapping, const char *path)
{
	for (unsigned i = 0; i < MAPPED_MAX; i++)
		if (!files[i].path) {
			files[i].mapping = mapping;
			__atomic_signal_fence(__ATOMIC_RELEASE); /* a handler may run in between */
			files[i].path = path;
			return;
		}
}

void mapped_remove(struct blob mapping)
{
	for (unsigned i = 0; i < MAPPED_MAX; i++)
		if (files[i].path && files[i].mapping.data == mapping.data)
			files[i].path = NULL;
}

const char *mapped_path(const void *address)
{
	for (unsigned i = 0; i < MAPPED_MAX; i++) {
		const char *path = files[i].path;
		if (path &&
		    (uintptr_t)address - (uintptr_t)files[i].mapping.data < files[i].mapping.size)
			return path;
	}
	return NULL;
}
