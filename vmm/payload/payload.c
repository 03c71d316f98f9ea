/* SPDX-License-Identifier: BSD-3-Clause */
/* The user's files: see payload.h. */
#include "vmm/payload/payload.h"

#include "vmm/payload/infile.h"

struct initrds {
	struct blob list[STRINGS_MAX + 2];
	unsigned n;
};

static void add_initrd(struct payload *p, struct initrds *all, const char *name, struct blob initrd)
{
	if (!initrd.size)
		return;
	all->list[all->n++] = initrd;
	initrd_check_add(&p->initrd_check, name, initrd);
}

/* Lists the initrds in the order in which the guest gets them: those of a unified image first. */
static void list_initrds(struct payload *p, struct initrds *all)
{
	add_initrd(p, all, "the kernel image's .ucode", p->kernel.ucode);
	add_initrd(p, all, "the kernel image's .initrd", p->kernel.initrd);
	for (unsigned i = 0; i < p->cfg->initrd.n; i++)
		add_initrd(p, all, p->cfg->initrd.at[i], p->initrd[i]);
}

static int build_initramfs(struct payload *p, struct err *e)
{
	struct initrds all = {.n = 0};
	const struct payload_config *cfg = p->cfg;
	const struct init_program init = {
		.file = p->init, .args = cfg->init_args, .n_args = cfg->n_init_args};

	list_initrds(p, &all);
	if (initramfs_build(all.list, all.n, &init, &p->initramfs, e))
		return cfg->init ? err_context(e, "--init: %s", cfg->init) : -1;
	return 0;
}

int payload_open(struct payload *p, const struct payload_config *cfg, uint64_t max_bytes,
		 struct err *e)
{
	p->cfg = cfg;
	if (kernel_open(&p->kernel, cfg, e))
		return -1;
	for (unsigned i = 0; i < cfg->initrd.n; i++)
		if (infile_read(cfg->initrd.at[i], max_bytes, &p->initrd[i], e))
			return err_context(e, "--initrd");
	if (cfg->init && infile_read(cfg->init, max_bytes, &p->init, e))
		return err_context(e, "--init");
	if (cfg->dtb && infile_read(cfg->dtb, max_bytes, &p->dtb, e))
		return err_context(e, "--dtb");
	return build_initramfs(p, e);
}

/* Only for Linux: what other kernels do with an initrd is not known. */
static void check_initrd(struct payload *p, const struct gmem *mem, const struct image *img)
{
	struct initrd_check *check = &p->initrd_check;
	uint64_t kernel_bytes = img->end - img->start;
	struct blob kernel = {gmem_at(mem, img->start, kernel_bytes), kernel_bytes};

	if (img->format == IMAGE_ELF && !img->is_linux) {
		*check = (struct initrd_check){.given = false};
		return;
	}
	initrd_check_ram(check, kernel_bytes, gmem_total(mem));
	if (kernel.data)
		initrd_check_config(check, kernel);
}

int payload_load(struct payload *p, const struct gmem *mem, struct image *img, struct err *e)
{
	if (kernel_load(&p->kernel, p->initramfs.bytes.size, mem, img, e))
		return -1;
	check_initrd(p, mem, img);
	return 0;
}

const char *payload_warning(const struct payload *p)
{
	return p->initrd_check.problem.text;
}

void payload_close(struct payload *p)
{
	initramfs_free(&p->initramfs);
	for (unsigned i = 0; i < STRINGS_MAX; i++)
		infile_free(&p->initrd[i]);
	infile_free(&p->init);
	infile_free(&p->dtb);
	kernel_close(&p->kernel);
}
