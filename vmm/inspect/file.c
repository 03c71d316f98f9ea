/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm inspect for a file by its name: see inspect.h. */
#include "vmm/inspect/inspect.h"
#include "vmm/payload/infile.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* A page of this costs nothing until the kernel is loaded to it. */
#define SCRATCH_BYTES (1ull << 30)

/* Enough for a vmlinux with debug information. */
#define FILE_MAX_BYTES (4ull << 30)

static int inspect_bytes(struct blob file, const char *path, bool json, FILE *f, void *scratch,
			 struct err *e)
{
	struct inspection in;

	if (inspect_init(&in, file, scratch, SCRATCH_BYTES, e))
		return err_context(e, "%s", path);
	if (json)
		inspect_json(&in, path, f);
	else
		inspect_text(&in, path, f);
	inspect_fini(&in);
	return 0;
}

int inspect_file(const char *path, bool json, FILE *f, struct err *e)
{
	struct blob file;

	/* Read, not mapped: each byte is searched, and an embedded configuration is unpacked. */
	if (infile_read(path, FILE_MAX_BYTES, &file, e))
		return -1;
	void *scratch = mmap(NULL, SCRATCH_BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int error = scratch == MAP_FAILED ? err_set(e, "cannot map %llu MiB: %s",
						    SCRATCH_BYTES >> 20, strerror(errno))
					  : inspect_bytes(file, path, json, f, scratch, e);
	if (scratch != MAP_FAILED)
		munmap(scratch, SCRATCH_BYTES);
	infile_free(&file);
	return error;
}
