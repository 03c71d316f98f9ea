/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel that the user gave: see kernel.h. */
#include "vmm/payload/kernel.h"

#include "arch/arch.h"
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

/* Unpacks @packed, or takes the result from the cache, and stores it there. */
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
	k->facts.unpacked_by = UNPACKED_BY_HOST;
	if (cache_put(cache, &key, k->inside))
		cache_alias_note(cache, &k->file.id, packed.size, &key);
}

/* Copies the file into memory, except an ELF file: most of a vmlinux may be debug information. */
static int own(struct kernel *k, struct err *e)
{
	if (image_probe(k->file.bytes) == IMAGE_ELF)
		return 0;
	return infile_own(&k->file, image_unpacked_max_bytes, e);
}

/* Of a file that the cache knows, only the head is read; it names the place of @packed. */
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

	if (image_packed(k->image, arch_machine, &packed, &why)) {
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

/* Takes a unified image apart. All of such a file is needed. */
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
	k->facts.is_uki = true;
	k->facts.linux_format = image_probe(k->image);
	k->facts.initrd_bytes = k->ucode.size + k->initrd.size;
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

int kernel_open(struct kernel *k, const struct payload_config *cfg, struct err *e)
{
	*k = (struct kernel){.cfg = cfg};
	k->cmdline = cfg->cmdline ? cfg->cmdline : arch_default_cmdline;
	if (cfg->kaslr != KASLR_AUTO && arch_has_dtb)
		return err_set(e, "--kaslr: this machine's kernels choose their addresses by "
				  "themselves, by the device tree's kaslr-seed; the command line's "
				  "nokaslr prevents it");
	if (!cfg->kernel)
		k->image = k->file.bytes = guest_hello();
	else if (open_file(k, e))
		return err_context(e, "--kernel");
	k->facts.bytes = k->file.bytes.size;
	k->facts.format = image_probe(k->file.bytes);
	bzimage_version(k->image, k->facts.version, sizeof(k->facts.version));
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
	return bzimage_load_kernel(k->image, k->inside, kaslr, mem, arch_kernel_place->lowest, img,
				   e);
}

/* 1: the unpacked kernel was loaded; 0: there is none, or the guest has to unpack it. */
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
		k->facts.kaslr = (struct kaslr){0};
	}
	if (k->cfg->kaslr == KASLR_ON)
		return err_set(e, "--kaslr on: only the kernel in a bzImage can be moved%s%s",
			       k->facts.unpacked_by ? ": " : "", k->facts.why.text);
	if (!k->inside.size)
		return 0;
	if (image_load_plain(k->inside, arch_machine, mem, arch_kernel_place, img, e))
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
	if (loaded == 0 &&
	    image_load_at(k->file.bytes, arch_machine, mem, arch_kernel_place, img, e) == 0)
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
