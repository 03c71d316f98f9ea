/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel that the user gave: see kernel.h. */
#include "vmm/kernel.h"

#include "arch/board.h"
#include "arch/embedded.h"
#include "loader/bzimage.h"
#include "loader/cmdline.h"
#include "vmm/cache_alias.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* Why the guest has to do it. */
static void leave_to_guest(struct kernel *k, const struct err *e)
{
	k->facts->unpacked = "guest";
	k->facts->why = *e;
	k->inside = (struct blob){NULL, 0};
}

static bool take_cached(struct kernel *k, struct cache *cache, const struct digest *key)
{
	if (!cache_get(cache, key, &k->cached))
		return false;
	k->inside = k->cached.data;
	k->facts->unpacked = "cache";
	return true;
}

/* Also makes what is unpacked known to the cache. */
static void unpack(struct kernel *k, struct blob packed, struct cache *cache)
{
	struct digest key = {0};
	struct err e;

	if (cache->dir_fd >= 0)
		digest_make(packed, &key);
	if (take_cached(k, cache, &key)) {
		cache_alias_note(cache, &k->file.id, packed.size, &key);
		return;
	}
	if (decompress(packed, image_unpacked_max_bytes, &k->unpacked, &e)) {
		leave_to_guest(k, &e);
		return;
	}
	k->inside = (struct blob){k->unpacked.data, k->unpacked.size};
	k->facts->unpacked = "host";
	if (cache_put(cache, &key, k->inside))
		cache_alias_note(cache, &k->file.id, packed.size, &key);
}

/* Makes the file ours, but for an ELF file: most of a vmlinux may be debug information. */
static int own(struct kernel *k, struct err *e)
{
	if (image_probe(k->file.bytes) == IMAGE_ELF)
		return 0;
	return infile_own(&k->file, image_unpacked_max_bytes, e);
}

/* Of a file that is known to the cache, no more is read than its head, where @packed is named. */
static int unpack_once(struct kernel *k, struct blob packed, struct cache *cache, struct err *e)
{
	struct digest key;

	if (cache_alias_find(cache, &k->file.id, packed.size, &key) && take_cached(k, cache, &key))
		return 0;
	if (own(k, e))
		return -1;
	unpack(k, packed, cache);
	return 0;
}

static int look_inside(struct kernel *k, struct err *e)
{
	struct cache cache = {.dir_fd = -1};
	struct blob packed;
	struct err why;

	if (image_packed(k->image, board_native->machine, &packed, &why)) {
		leave_to_guest(k, &why);
		return own(k, e);
	}
	if (!packed.size)
		return own(k, e);
	if (!k->cfg->no_cache)
		cache_open(&cache);
	int error = unpack_once(k, packed, &cache, e);
	k->no_cache = cache.problem;
	cache_close(&cache);
	return error;
}

/* Takes a unified image apart: of such a file, all is needed. */
static int open_uki(struct kernel *k, struct err *e)
{
	struct uki uki;

	if (infile_own(&k->file, image_unpacked_max_bytes, e))
		return -1;
	if (uki_open(k->file.bytes, &uki, e))
		return err_context(e, "%s", k->cfg->kernel);
	k->image = uki.kernel;
	k->ucode = uki.ucode;
	k->initrd = uki.initrd;
	k->facts->linux_format = image_format_name(image_probe(k->image));
	k->facts->initrd_bytes = k->ucode.size + k->initrd.size;
	if (k->cfg->cmdline || !uki.cmdline.data)
		return 0;
	k->cmdline = k->cmdline_bytes;
	if (uki_cmdline(&uki, k->cmdline_bytes, sizeof(k->cmdline_bytes), e))
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
	k->image = k->file.bytes;
	if (image_probe(k->file.bytes) == IMAGE_UKI && open_uki(k, e))
		return -1;
	return look_inside(k, e);
}

int kernel_open(struct kernel *k, const struct config *cfg, struct kernel_facts *facts,
		struct err *e)
{
	*k = (struct kernel){.cfg = cfg, .facts = facts};
	k->cmdline = cfg->cmdline ? cfg->cmdline : board_native->default_cmdline;
	if (cfg->kaslr != KASLR_AUTO && board_native->kernel_randomises_itself)
		return err_set(e, "--kaslr: this machine's kernels choose their addresses by "
				  "themselves, by the device tree's kaslr-seed; the command line's "
				  "nokaslr prevents it");
	if (!cfg->kernel)
		k->image = k->file.bytes = embedded_guest();
	else if (open_file(k, e))
		return err_context(e, "--kernel");
	facts->bytes = k->file.bytes.size;
	facts->format = image_format_name(image_probe(k->file.bytes));
	bzimage_version(k->image, facts->version, sizeof(facts->version));
	return 0;
}

/* What is to be random, by the option and by what the kernel itself looks at. */
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
	/* Both take RAM away from the kernel, perhaps from where it would lie. */
	kaslr->physical_on = !cmdline_has(k->cmdline, "mem") && !cmdline_has(k->cmdline, "memmap");
	kaslr->physical_random = random[1];
	return 0;
}

/* Loads what is inside of a bzImage. */
static int load_inside(struct kernel *k, uint64_t initrd_bytes, const struct gmem *mem,
		       struct image *img, struct err *e)
{
	struct kaslr *kaslr = &k->facts->kaslr;

	if (choose_kaslr(k, initrd_bytes, kaslr, e))
		return -1;
	return bzimage_load_kernel(k->image, k->inside, kaslr, mem,
				   board_native->kernel_place->lowest, img, e);
}

/* 1: what is inside was loaded; 0: there is nothing, or the guest has to unpack it. */
static int try_inside(struct kernel *k, uint64_t initrd_bytes, const struct gmem *mem,
		      struct image *img, struct err *e)
{
	enum image_format outside = image_probe(k->image);

	if (k->inside.size && outside == IMAGE_BZIMAGE) {
		if (load_inside(k, initrd_bytes, mem, img, e) == 0)
			return 1;
		if (k->cfg->kaslr == KASLR_ON)
			return err_context(e, "--kaslr on");
		leave_to_guest(k, e);
		k->facts->kaslr = (struct kaslr){0};
	}
	if (k->cfg->kaslr == KASLR_ON)
		return err_set(e, "--kaslr on: only the kernel in a bzImage can be moved%s%s",
			       k->facts->unpacked ? ": " : "", k->facts->why.text);
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
	k->image = k->ucode = k->initrd = k->inside = (struct blob){NULL, 0};
	if (k->cfg && k->cfg->kernel)
		infile_close(&k->file);
}
