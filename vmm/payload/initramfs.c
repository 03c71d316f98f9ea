/* SPDX-License-Identifier: BSD-3-Clause */
/* The initramfs: see initramfs.h. */
#include "vmm/payload/initramfs.h"

#include "guest/embedded.h"
#include "loader/cpio.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Linux (init/initramfs.c, unpack_to_rootfs) skips zeros between archives, and accepts an
 * uncompressed archive only at a multiple of 4. There must always be at least four zeros, because
 * they are the only end mark that its LZ4 decoder knows (lib/decompress_unlz4.c reads four bytes as
 * the size of the next chunk).
 */
enum { ALIGN = 4, GAP = 4 };

/* The start of the archive after one that ends at @end; false when it does not fit in a size_t. */
static bool next_start(size_t end, size_t *start)
{
	if (__builtin_add_overflow(end, GAP + ALIGN - 1, &end))
		return false;
	*start = end & ~(size_t)(ALIGN - 1);
	return true;
}

static int check_init(struct blob init, struct err *e)
{
	if (blob_has(init, 0, "\177ELF", 4) || blob_has(init, 0, "#!", 2))
		return 0;
	return err_set(e, "this is neither an ELF program nor a script that starts with #!");
}

/* The files of our own archive. */
struct content {
	struct blob init, args;
};

/* The arguments one after another, each with its NUL. @bytes has room for INIT_ARGS_BYTES. */
static int join_args(const struct init_program *init, char *bytes, struct blob *args, struct err *e)
{
	size_t n = 0;

	if (init->n_args > INIT_ARGS_MAX)
		return err_set(e, "%u arguments, expected at most %d", init->n_args, INIT_ARGS_MAX);
	for (unsigned i = 0; i < init->n_args; i++) {
		size_t len = strlen(init->args[i]) + 1;
		if (len > INIT_ARGS_BYTES - n)
			return err_set(e, "the arguments are longer than %d bytes",
				       INIT_ARGS_BYTES);
		memcpy(bytes + n, init->args[i], len);
		n += len;
	}
	*args = (struct blob){(const uint8_t *)bytes, n};
	return 0;
}

/* Folders come first. dev/console is needed until devtmpfs is mounted. */
static int pack(struct cpio *c, const struct content *own, struct err *e)
{
	return cpio_add_dir(c, "dev", 0755, e) ||
			       cpio_add_device(c, "dev/console", 0600, 5, 1, e) ||
			       cpio_add_dir(c, "minivmm", 0755, e) ||
			       cpio_add_file(c, "minivmm/init", 0755, own->init, e) ||
			       cpio_add_file(c, "minivmm/args", 0644, own->args, e) ||
			       cpio_add_file(c, "init", 0755, guest_init(), e) || cpio_finish(c, e)
		       ? -1
		       : 0;
}

/* The size of the whole, and the start of the archive with @init. */
static int measure(const struct blob *initrds, unsigned n, const struct content *own, size_t *start,
		   size_t *size, struct err *e)
{
	struct cpio c;
	size_t end = 0;

	*start = 0;
	for (unsigned i = 0; i < n; i++)
		if (__builtin_add_overflow(*start, initrds[i].size, &end) ||
		    !next_start(end, start))
			return err_set(e, "initrds: together they are larger than memory can be");
	*size = end; /* nothing follows: no gap */
	if (!own->init.size)
		return 0;
	cpio_init(&c, NULL, 0);
	if (pack(&c, own, e))
		return -1;
	if (__builtin_add_overflow(*start, c.used, size))
		return err_set(e, "initrds: together they are larger than memory can be");
	return 0;
}

int initramfs_build(const struct blob *initrds, unsigned n, const struct init_program *init,
		    struct initramfs *out, struct err *e)
{
	struct content own = {.init = init->file};
	char args[INIT_ARGS_BYTES];
	size_t start = 0, size = 0, at = 0;
	struct cpio c;

	*out = (struct initramfs){.mapped = false};
	if (own.init.size && (check_init(own.init, e) || join_args(init, args, &own.args, e)))
		return -1;
	if (!own.init.size && n <= 1) {
		if (n)
			out->bytes = initrds[0];
		return 0;
	}
	if (measure(initrds, n, &own, &start, &size, e))
		return -1;
	/* The pages are zero, as the gaps must be. */
	uint8_t *to = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (to == MAP_FAILED)
		return err_set(e, "initramfs: no memory for its %zu bytes: %s", size,
			       strerror(errno));
	*out = (struct initramfs){{to, size}, true};
	for (unsigned i = 0; i < n; i++) {
		if (initrds[i].size)
			memcpy(to + at, initrds[i].data, initrds[i].size);
		next_start(at + initrds[i].size, &at);
	}
	if (!own.init.size)
		return 0;
	cpio_init(&c, to + start, size - start);
	if (pack(&c, &own, e)) {
		initramfs_free(out);
		return -1;
	}
	return 0;
}

void initramfs_free(struct initramfs *fs)
{
	if (fs->mapped)
		munmap((void *)(uintptr_t)fs->bytes.data, fs->bytes.size);
	*fs = (struct initramfs){.mapped = false};
}
