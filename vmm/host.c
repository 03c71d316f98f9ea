/* SPDX-License-Identifier: BSD-3-Clause */
/* What outlives a VM: see host.h. */
#include "vmm/host.h"

#include "vmm/check.h"
#include "vmm/clock.h"
#include "vmm/infile.h"
#include "vmm/ram.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A VM that is built again for a reboot would say the same as the first. */
static void warn(void *opaque, const char *text)
{
	const struct host *host = opaque;

	if (!host->outcome.boots)
		fprintf(stderr, "minivmm: warning: %s\n", text);
}

struct initrds {
	struct blob list[OPTIONS_REPEAT + 2];
	unsigned n;
};

static void add_initrd(struct host *host, struct initrds *all, const char *name, struct blob initrd)
{
	if (!initrd.size)
		return;
	all->list[all->n++] = initrd;
	initrd_check_add(&host->initrd_check, name, initrd);
}

/* In the order in which the guest gets them: those of a unified image first. */
static void list_initrds(struct host *host, struct initrds *all)
{
	add_initrd(host, all, "the kernel image's .ucode", host->kernel.ucode);
	add_initrd(host, all, "the kernel image's .initrd", host->kernel.initrd);
	for (unsigned i = 0; i < host->cfg->initrd.n; i++)
		add_initrd(host, all, host->cfg->initrd.at[i], host->initrd[i]);
}

int host_open_files(struct host *host, struct err *e)
{
	struct initrds all = {.n = 0};
	const struct config *cfg = host->cfg;
	struct init_program init = {.args = (const char *const *)cfg->init_args,
				    .n_args = cfg->n_init_args};

	if (kernel_open(&host->kernel, cfg, &host->reporter.kernel, e))
		return -1;
	for (unsigned i = 0; i < cfg->initrd.n; i++)
		if (infile_read(cfg->initrd.at[i], cfg->memory_bytes, &host->initrd[i], e))
			return err_context(e, "--initrd");
	if (cfg->init && infile_read(cfg->init, cfg->memory_bytes, &host->init, e))
		return err_context(e, "--init");
	if (cfg->dtb && infile_read(cfg->dtb, cfg->memory_bytes, &host->dtb, e))
		return err_context(e, "--dtb");
	init.file = host->init;
	list_initrds(host, &all);
	if (initramfs_build(all.list, all.n, &init, &host->initramfs, e))
		return cfg->init ? err_context(e, "--init: %s", cfg->init) : -1;
	return 0;
}

/* What a guest of this size may come to need, KVM and the host must be able to give. */
static int check_memory(const struct host *host, struct err *e)
{
	uint64_t bytes = host->cfg->memory_bytes, max;
	unsigned bits;

	if (bytes > arch_sure_ram_bytes) {
		if (arch_max_ram(&host->kvm, &max, &bits, e))
			return -1;
		if (bytes > max)
			return err_set(e,
				       "%" PRIu64 " MiB, but guests' addresses have %u bits on "
				       "this host: at most %" PRIu64 " MiB",
				       bytes >> 20, bits, max >> 20);
	}
	return ram_check(bytes, host->cfg->overcommit, e);
}

static int open_kvm(struct host *host, struct err *e)
{
	const char *why;
	unsigned max;

	if (kvm_open(&host->kvm, CHECK_FIX, e) ||
	    kvm_need(host->kvm.fd, arch_needs, arch_needs_n, e))
		return -1;
	max = arch_max_cpus(&host->kvm, &why);
	if (host->cfg->cpus > max)
		return err_set(
			e,
			"--cpus: %u, but this host's KVM and minivmm's machine take at most %u: %s",
			host->cfg->cpus, max, why);
	return check_memory(host, e) ? err_context(e, "--memory") : 0;
}

static int add_patterns(struct watch *w, const struct config *cfg, struct err *e)
{
	struct expect *x = &w->expect;

	for (unsigned i = 0; i < cfg->expect.n; i++)
		if (expect_add(x, cfg->expect.at[i], e))
			return err_context(e, "--expect");
	for (unsigned i = 0; i < cfg->fail_on.n; i++)
		if (expect_add_fail_on(x, cfg->fail_on.at[i], e))
			return err_context(e, "--fail-on");
	for (unsigned i = 0; i < cfg->ignore_warning.n; i++)
		if (patterns_add(&w->known, cfg->ignore_warning.at[i], false, e))
			return err_context(e, "--ignore-warning");
	return 0;
}

int host_add_patterns(struct host *host, struct err *e)
{
	host->console.watch.expect.ordered = host->cfg->expect_ordered;
	return add_patterns(&host->console.watch, host->cfg, e);
}

void host_free_patterns(struct host *host)
{
	expect_fini(&host->console.watch.expect);
	patterns_fini(&host->console.watch.known);
}

static int init_console(struct host *host, struct err *e)
{
	const struct config *cfg = host->cfg;
	struct console *c = &host->console;

	c->in.escapes = isatty(STDIN_FILENO);
	c->out.muted = cfg->quiet;
	c->timeline = &host->timeline;
	if (cfg->timestamps) {
		c->stamp.start_ns = clock_now_ns();
		c->out.stamp = &c->stamp;
	}
	c->watch.want_ktap = cfg->ktap;
	if (host_add_patterns(host, e))
		return -1;
	if (cfg->log && log_open(&c->log, cfg->log, e))
		return err_context(e, "--log");
	return console_init(c, host->wake_fd, e);
}

int host_init(struct host *host, struct err *e)
{
	host->log = (struct arch_log){warn, host};
	if (host_open_files(host, e) || open_kvm(host, e))
		return -1;
	host->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (host->wake_fd < 0)
		return err_set(e, "eventfd: %s", strerror(errno));
	return init_console(host, e);
}

void host_close_files(struct host *host)
{
	initramfs_free(&host->initramfs);
	for (unsigned i = 0; i < host->cfg->initrd.n; i++)
		infile_free(&host->initrd[i]);
	infile_free(&host->init);
	infile_free(&host->dtb);
	kernel_close(&host->kernel);
}

void host_fini(struct host *host)
{
	console_fini(&host->console);
	close(host->wake_fd);
	kvm_close(&host->kvm);
	host_close_files(host);
}
