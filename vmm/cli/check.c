/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --check: see check.h. */
#include "vmm/cli/check.h"

#include "arch/arch.h"
#include "arch/kvm.h"
#include "vmm/machine/ram.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void report(FILE *f, bool ok, const char *what, const char *found)
{
	fprintf(f, "%-4s %-16s %s\n", ok ? "ok" : "FAIL", what, found);
}

static void fix(FILE *f, const char *how)
{
	fprintf(f, "     %-16s fix: %s\n", "", how);
}

/* Prints who may use the device: its mode, and the numbers of its owner and group. */
static void print_owner(FILE *f)
{
	struct stat st;

	if (stat(DEV_KVM, &st) == 0)
		fprintf(f, "     %-16s mode %04o, user id %u, group id %u; you are user id %u\n",
			"", (unsigned)(st.st_mode & 07777), (unsigned)st.st_uid,
			(unsigned)st.st_gid, (unsigned)geteuid());
}

/* Checks the device and its permissions. Returns its descriptor, or -1. */
static int check_device(FILE *f)
{
	int fd = open(DEV_KVM, O_RDWR | O_CLOEXEC);
	int error = errno;
	char text[128];

	if (fd >= 0) {
		report(f, true, "device", DEV_KVM " opens for reading and writing");
		return fd;
	}
	snprintf(text, sizeof(text), DEV_KVM ": %s", strerror(error));
	report(f, false, "device", text);
	print_owner(f);
	fix(f, kvm_open_fix(error));
	return -1;
}

static bool check_api(FILE *f, int fd)
{
	struct err e;

	if (kvm_check_version(fd, &e)) {
		report(f, false, "KVM API", e.text);
		fix(f, "another program poses as KVM, or the kernel is older than 2.6.22");
		return false;
	}
	report(f, true, "KVM API", "the version that is expected");
	return true;
}

static bool check_capabilities(FILE *f, int fd)
{
	bool all = true;

	for (unsigned i = 0; i < arch_needs_n; i++)
		if (!kvm_cap(fd, arch_needs[i].cap)) {
			report(f, false, "capability", arch_needs[i].name);
			fix(f, "a newer host kernel (4.13 or later)");
			all = false;
		}
	if (all) {
		char text[64];
		snprintf(text, sizeof(text), "all %u that are needed", arch_needs_n);
		report(f, true, "capabilities", text);
	}
	return all;
}

static bool check_vm(FILE *f, int fd)
{
	struct kvm kvm = {.fd = fd};
	struct err e;
	char text[128];
	const char *why;
	unsigned cpus = arch_max_cpus(&kvm, &why);
	int vm = kvm_vm_create(&kvm, 0, &e);

	if (vm < 0) {
		report(f, false, "virtual machine", e.text);
		fix(f, "see the kernel's log (dmesg) for why");
		return false;
	}
	close(vm);
	snprintf(text, sizeof(text), "can be created, with up to %u vCPUs (%s)", cpus, why);
	report(f, true, "virtual machine", text);
	return true;
}

static void print_memory(FILE *f, int fd)
{
	struct kvm kvm = {.fd = fd};
	struct host_memory host = ram_of_host();
	uint64_t max;
	unsigned bits;

	if (arch_max_ram(&kvm, &max, &bits, NULL) == 0)
		fprintf(f, "     %-16s guests may have up to %" PRIu64 "G (addresses of %u bits)\n",
			"guest RAM", max >> 30, bits);
	fprintf(f,
		"     %-16s %" PRIu64 " MiB, and %" PRIu64
		" MiB of swap; more for a guest takes --overcommit\n",
		"host RAM", host.ram_bytes >> 20, host.swap_bytes >> 20);
}

static void print_nesting(FILE *f)
{
	const char *path = arch_nested_parameter();
	char value[8] = "";
	FILE *in = path ? fopen(path, "re") : NULL;

	if (in) {
		if (!fgets(value, sizeof(value), in))
			value[0] = '\0';
		fclose(in);
	}
	fprintf(f, "     %-16s ", "nesting");
	if (arch_no_nesting)
		fprintf(f, "guests may not run guests of their own: %s\n", arch_no_nesting);
	else if (!value[0])
		fprintf(f, "not known (KVM has no parameter that says it)\n");
	else if (value[0] == '1' || value[0] == 'Y')
		fprintf(f, "guests may run guests of their own, with --nested\n");
	else
		fprintf(f, "guests may not run guests of their own: --nested is refused\n");
}

bool check_host(FILE *f)
{
	int fd = check_device(f);
	bool ok = fd >= 0;

	fprintf(f, "     %-16s %s\n", "processor", arch_virtualization());
	print_nesting(f);
	if (ok) {
		ok = check_api(f, fd) && check_capabilities(f, fd) && check_vm(f, fd);
		if (ok)
			print_memory(f, fd);
		close(fd);
	}
	fprintf(f, "%s\n", ok ? "This host can run guests." : "This host cannot run guests.");
	return ok;
}
