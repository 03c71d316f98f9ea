/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel that the user gave: see kernel.h. */
#include "vmm/payload/kernel.h"

#include "arch/board.h"
#include "guest/embedded.h"
#include "loader/bzimage.h"
#include "loader/cmdline.h"
#include "vmm/payload/cache_alias.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* The guest has to unpack the kernel; @e says why. */
static void leave_to_guest(struct kernel *k, const struct err *e)
{
	k->facts.unpacked_by = UNPACKED_BY_GUEST;
	k->facts.why = *e;
	k->inside = (struct blob){NULL, 0};
}

static bool take_cached(struct kernel *k, struct cache *cache, const struct digest *key)
{
	if (!cache_get(cache, key, &k->cached))
		return false;
	k->inside = k->cached.data;
	k->facts.unpacked_by = UNPACKED_BY_CACHE;
	return true;
}

/* Unpacks the kernel, or takes the result from the cache, and stores it there. */
static void unpack(struct kernel *k, struct cache *cache)
{
	struct blob packed = k->unwrap.packed;
	struct digest key = {0};
	struct err e;

	if (cache->dir_fd >= 0)
		digest_make(packed, &key);
	if (take_cached(k, cache, &key)) {
		cache_alias_note(cache, &k->file.id, packed.size, &key);
		return;
	}
	if (unwrap_unpack(&k->unwrap, &k->unpacked, &e)) {
		leave_to_guest(k, &e);
		return;
	}
	k->inside = (struct blob){k->unpacked.data, k->unpacked.size};
	k->facts.unpacked_by = UNPACKED_BY_HOST;
	if (cache_put(cache, &key, k->inside))
		cache_alias_note(cache, &k->file.id, packed.size, &key);
}

/* Copies the file into memory, except an ELF file: most of a vmlinux may be debug information. */
static int own(struct kernel *k, struct err *e)
{
	if (k->unwrap.file_format == IMAGE_ELF)
		return 0;
	return infile_own(&k->file, image_unpacked_max_bytes, e);
}

/* Of a file that the cache knows, only the head is read; it says where the packed kernel is. */
static int unpack_once(struct kernel *k, struct cache *cache, struct err *e)
{
	struct digest key;

	if (cache_alias_find(cache, &k->file.id, k->unwrap.packed.size, &key) &&
	    take_cached(k, cache, &key))
		return 0;
	if (own(k, e))
		return -1;
	unpack(k, cache);
	return 0;
}

static int look_inside(struct kernel *k, struct err *e)
{
	struct cache cache = {.dir_fd = -1};
	struct err why;

	if (unwrap_packed(&k->unwrap, board_native->machine, &why)) {
		leave_to_guest(k, &why);
		return own(k, e);
	}
	if (!k->unwrap.packed.size)
		return own(k, e);
	if (!k->cfg->no_cache)
		cache_open(&cache);
	int error = unpack_once(k, &cache, e);
	k->no_cache = cache.problem;
	cache_close(&cache);
	return error;
}

/* Takes what a unified image brings. */
static int take_uki(struct kernel *k, struct err *e)
{
	const struct uki *uki = &k->unwrap.uki;

	k->ucode = uki->ucode;
	k->initrd = uki->initrd;
	k->facts.is_uki = true;
	k->facts.linux_format = k->unwrap.format;
	k->facts.initrd_bytes = k->ucode.size + k->initrd.size;
	if (k->cfg->cmdline || !uki->cmdline.data)
		return 0;
	k->cmdline = k->cmdline_bytes;
	if (uki_cmdline(uki, k->cmdline_bytes, sizeof(k->cmdline_bytes), e))
		return err_context(e, "%s", k->cfg->kernel);
	if (k->cfg->init && cmdline_has(k->cmdline, "rdinit"))
		return err_set(e,
			       "%s: its .cmdline has rdinit=, which would run something other "
			       "than --init: give a --cmdline in its place",
			       k->cfg->kernel);
	return 0;
}

static int open_file(struct kernel *k, struct err *e)
{
	if (infile_open(k->cfg->kernel, &k->file, e))
		return -1;
	/* All of a unified image is needed, and what is checked must be what is used. */
	if (image_probe(k->file.bytes) == IMAGE_UKI &&
	    infile_own(&k->file, image_unpacked_max_bytes, e))
		return -1;
	if (unwrap_open(k->file.bytes, &k->unwrap, e))
		return err_context(e, "%s", k->cfg->kernel);
	if (k->unwrap.file_format == IMAGE_UKI && take_uki(k, e))
		return -1;
	return look_inside(k, e);
}

int kernel_open(struct kernel *k, const struct payload_config *cfg, struct err *e)
{
	*k = (struct kernel){.cfg = cfg};
	k->cmdline = cfg->cmdline ? cfg->cmdline : board_native->default_cmdline;
	if (cfg->kaslr != KASLR_AUTO && board_native->kernel_randomises_itself)
		return err_set(e, "--kaslr: this machine's kernels choose their addresses by "
				  "themselves, by the device tree's kaslr-seed; the command line's "
				  "nokaslr prevents it");
	if (cfg->kernel && open_file(k, e))
		return err_context(e, "--kernel");
	if (!cfg->kernel) {
		k->file.bytes = guest_hello();
		(void)unwrap_open(k->file.bytes, &k->unwrap, NULL); /* it is no unified image */
	}
	k->facts.bytes = k->file.bytes.size;
	k->facts.format = k->unwrap.file_format;
	bzimage_version(k->unwrap.image, k->facts.version, sizeof(k->facts.version));
	return 0;
}

/* Decides what is randomised: by the option, and by the parameters that the kernel itself obeys. */
static int choose_kaslr(struct kernel *k, uint64_t initrd_bytes, struct kaslr *kaslr, struct err *e)
{
	bool wanted = k->cfg->kaslr == KASLR_ON ||
		      (k->cfg->kaslr == KASLR_AUTO && !cmdline_has(k->cmdline, "nokaslr") &&
		       bzimage_kernel_can_move(k->inside));

	*kaslr = (struct kaslr){.initrd_bytes = initrd_bytes};
	if (!wanted)
		return 0;
	uint64_t random[2];
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return err_set(e, "getrandom: %s", strerror(errno));
	kaslr->virtual_on = true;
	kaslr->virtual_random = random[0];
	/* Both take RAM away from the kernel, perhaps at the address that would be chosen. */
	kaslr->physical_on = !cmdline_has(k->cmdline, "mem") && !cmdline_has(k->cmdline, "memmap");
	kaslr->physical_random = random[1];
	return 0;
}

/* Loads the kernel that was unpacked from a bzImage. */
static int load_inside(struct kernel *k, uint64_t initrd_bytes, const struct gmem *mem,
		       struct image *img, struct err *e)
{
	struct kaslr *kaslr = &k->facts.kaslr;

	if (choose_kaslr(k, initrd_bytes, kaslr, e))
		return -1;
	return bzimage_load_kernel(k->unwrap.image, k->inside, kaslr, mem,
				   board_native->kernel_place->lowest, img, e);
}

/* 1: the unpacked kernel was loaded; 0: there is none, or the guest has to unpack it. */
static int try_inside(struct kernel *k, uint64_t initrd_bytes, const struct gmem *mem,
		      struct image *img, struct err *e)
{
	enum image_format outside = k->unwrap.format;

	if (k->inside.size && outside == IMAGE_BZIMAGE) {
		if (load_inside(k, initrd_bytes, mem, img, e) == 0)
			return 1;
		if (k->cfg->kaslr == KASLR_ON)
			return err_context(e, "--kaslr on");
		leave_to_guest(k, e);
		k->facts.kaslr = (struct kaslr){0};
	}
	if (k->cfg->kaslr == KASLR_ON)
		return err_set(e, "--kaslr on: only the kernel in a bzImage can be moved%s%s",
			       k->facts.unpacked_by ? ": " : "", k->facts.why.text);
	if (!k->inside.size)
		return 0;
	if (image_load_plain(k->inside, board_native->machine, mem, board_native->kernel_place, img,
			     e))
		return image_name_outside(outside, e);
	return 1;
}

int kernel_load(struct kernel *k, uint64_t initrd_bytes, const struct gmem *mem, struct image *img,
		struct err *e)
{
	int loaded = try_inside(k, initrd_bytes, mem, img, e);

	if (loaded > 0)
		return 0;
	if (loaded == 0 && own(k, e))
		return err_context(e, "--kernel");
	if (loaded == 0 && image_load_at(k->file.bytes, board_native->machine, mem,
					 board_native->kernel_place, img, e) == 0)
		return 0;
	return err_context(e, "%s", k->cfg->kernel ? k->cfg->kernel : "embedded guest");
}

void kernel_close(struct kernel *k)
{
	unpacked_free(&k->unpacked);
	cached_free(&k->cached);
	k->unwrap = (struct unwrap){.image = {NULL, 0}};
	k->ucode = k->initrd = k->inside = (struct blob){NULL, 0};
	if (k->cfg && k->cfg->kernel)
		infile_close(&k->file);
}
