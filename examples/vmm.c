/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A whole VMM for x86_64. The library loads the kernel and writes what its boot protocol wants;
 * what is left is KVM, a serial port, and the register by which the guest powers off.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <minivmm/acpi_pm.h>
#include <minivmm/cmdline.h>
#include <minivmm/x86_64/acpi.h>
#include <minivmm/x86_64/layout.h>
#include <minivmm/x86_64/paging.h>
#include <minivmm/x86_64/pvh.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { RAM_BYTES = 256 << 20, LOWEST = 1 << 20, COM1 = 0x3f8, COM1_IRQ = 4, PM = 0x600, SCI = 9 };

/* The machine: its ACPI tables are written from this. */
static const struct devdesc devices[] = {
	{DEV_UART16550, DEV_PIO, COM1, 8, COM1_IRQ},
	{DEV_ACPI_PM, DEV_PIO, PM, ACPI_PM_PORTS, SCI},
};

static void must(int result, const struct err *e)
{
	if (result < 0)
		errx(1, "%s", e->text);
}

static int kvm(int fd, unsigned long request, unsigned long arg, const char *name)
{
	int result = ioctl(fd, request, arg);

	if (result < 0)
		err(1, "%s", name);
	return result;
}
#define KVM(fd, request, arg) kvm(fd, request, (unsigned long)(arg), #request)

static void *map(size_t bytes, int flags, int fd)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (at == MAP_FAILED)
		err(1, "mmap");
	return at;
}

static struct blob map_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		err(1, "%s", path);
	return (struct blob){map((size_t)st.st_size, MAP_PRIVATE, fd), (size_t)st.st_size};
}

/* All that the kernel finds in memory beside itself. */
static void write_boot(const struct gmem *mem, const struct image *img, const char *initrd,
		       const char *params)
{
	static char storage[2 * X86_CMDLINE_BYTES];
	struct e820 map;
	struct boot_info info = {.map = &map, .cmdline_gpa = X86_CMDLINE_GPA};
	struct cmdline line;
	struct err e;

	must(cmdline_init(&line, storage, img->cmdline_max + 1, &e), &e);
	must(cmdline_add_kv(&line, "console", "ttyS0", &e), &e);
	must(cmdline_parse(&line, params, &e), &e);
	must(cmdline_load(&line, mem, X86_CMDLINE_GPA, &e), &e);
	if (initrd)
		must(initrd_load(map_file(initrd), mem, img, LOWEST, &info.initrd, &e), &e);
	must(e820_build(mem, &map, &e), &e);
	must(acpi_write(mem, (struct devlist){devices, 2}, 1, &info.rsdp_gpa, &e), &e);
	must(paging_write_gdt(mem, img->has_pvh ? GDT_FLAT32 : GDT_LONG, &e), &e);
	must(paging_write_identity(mem, &e), &e);
	must(img->has_pvh ? pvh_write(mem, &info, &e) : zeropage_write(mem, img, &info, &e), &e);
}

/* KVM's CPUID, without this host CPU's APIC ids, with two bits that KVM leaves out. */
static void set_cpuid(int dev, int vcpu)
{
	static uint64_t room[4096];
	struct kvm_cpuid2 *cpuid = (struct kvm_cpuid2 *)room;

	cpuid->nent = 256;
	KVM(dev, KVM_GET_SUPPORTED_CPUID, cpuid);
	for (struct kvm_cpuid_entry2 *c = cpuid->entries; c < cpuid->entries + cpuid->nent; c++) {
		if (c->function == 1) {
			c->ebx &= 0x00ffffff;
			c->ecx |= 1U << 31 | 1U << 24; /* a hypervisor, TSC deadline */
		}
		if (c->function == 0xb || c->function == 0x1f)
			c->edx = 0;
	}
	KVM(vcpu, KVM_SET_CPUID2, cpuid);
}

/* As each protocol asks for: boot.rst, "64-bit Boot Protocol"; pvh.pandoc. */
static void set_registers(int vcpu, const struct image *img)
{
	const bool pvh = img->has_pvh;
	struct kvm_segment flat = {.limit = ~0U, .selector = GDT_BOOT_DS, .type = 0x3};
	struct kvm_sregs s;
	struct kvm_regs r = {.rflags = 2, .rbx = X86_PVH_GPA, .rsi = X86_ZEROPAGE_GPA};

	r.rip = pvh ? img->pvh_entry : img->entry64;
	KVM(vcpu, KVM_GET_SREGS, &s);
	flat.present = flat.s = flat.g = flat.db = 1;
	s.ds = s.es = s.fs = s.gs = s.ss = s.cs = flat;
	s.cs.selector = GDT_BOOT_CS;
	s.cs.type = 0xb;
	s.cs.l = !pvh;
	s.cs.db = pvh;
	s.gdt = (struct kvm_dtable){.base = X86_GDT_GPA, .limit = X86_GDT_BYTES - 1};
	s.cr0 = pvh ? 0x11 : 0x80000011; /* PE, ET; PG */
	s.cr3 = X86_PAGE_TABLES_GPA;
	s.cr4 = pvh ? 0 : 0x20;   /* PAE */
	s.efer = pvh ? 0 : 0x500; /* LME, LMA */
	KVM(vcpu, KVM_SET_SREGS, &s);
	KVM(vcpu, KVM_SET_REGS, &r);
}

/* A 16450 that has always sent all: it interrupts as long as the driver asks for that (IER). */
static void serial(int vm, unsigned reg, bool out, uint8_t *value)
{
	static uint8_t regs[8] = {[2] = 1, [5] = 0x60, [6] = 0xb0}; /* IIR, LSR, MSR */
	bool divisor = reg < 2 && regs[3] & 0x80;

	if (!out) {
		*value = divisor || !reg ? 0 : regs[reg];
	} else if (reg == 0 && !divisor) {
		putchar(*value);
	} else if (reg != 2 && reg != 5 && reg != 6 && !divisor) {
		struct kvm_irq_level line = {.irq = COM1_IRQ};
		regs[reg] = *value;
		line.level = regs[1] >> 1 & 1; /* THRI */
		regs[2] = line.level ? 2 : 1;
		KVM(vm, KVM_IRQ_LINE, &line);
	}
}

/* ACPI's fixed hardware: always on, no events. False: the guest powers off, or resets. */
static bool power(unsigned reg, bool out, uint8_t *value)
{
	const unsigned slp_en = 1U << 5; /* in the control register's high byte */

	if (!out)
		*value = reg == ACPI_PM1_CNT ? 1 : 0; /* SCI_EN */
	return !out || !(reg == ACPI_PM_RESET || (reg == ACPI_PM1_CNT + 1 && (*value & slp_en)));
}

static void run(int vm, int vcpu, struct kvm_run *run)
{
	while (KVM(vcpu, KVM_RUN, 0) == 0) {
		if (run->exit_reason == KVM_EXIT_MMIO)
			continue; /* nobody is there */
		if (run->exit_reason != KVM_EXIT_IO)
			errx(1, "the guest ended: KVM's exit reason %u", run->exit_reason);
		uint8_t *data = (uint8_t *)run + run->io.data_offset;
		bool out = run->io.direction == KVM_EXIT_IO_OUT;
		unsigned port = run->io.port;
		for (unsigned i = 0; i < run->io.count * run->io.size; i++) {
			unsigned at = port + i % run->io.size;
			if (at >= COM1 && at < COM1 + 8)
				serial(vm, at - COM1, out, data + i);
			else if (at >= PM && at < PM + ACPI_PM_PORTS) {
				if (!power(at - PM, out, data + i))
					return;
			} else if (!out)
				data[i] = 0xff;
		}
	}
}

int main(int argc, char **argv)
{
	struct kvm_userspace_memory_region region = {.memory_size = RAM_BYTES};
	struct gmem mem = {.n = 0};
	struct image img;
	struct err e;

	if (argc < 2 || argc > 4)
		errx(1, "usage: vmm KERNEL [INITRD [CMDLINE]]");
	setvbuf(stdout, NULL, _IONBF, 0);
	void *ram = map(RAM_BYTES, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	must(gmem_add(&mem, 0, RAM_BYTES, ram, &e), &e);
	must(image_load(map_file(argv[1]), IMAGE_MACHINE_X86_64, &mem, LOWEST, &img, &e), &e);
	write_boot(&mem, &img, argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : "");

	int dev = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (dev < 0)
		err(1, "/dev/kvm");
	int vm = KVM(dev, KVM_CREATE_VM, 0);
	KVM(vm, KVM_SET_TSS_ADDR, X86_TSS_GPA);
	KVM(vm, KVM_CREATE_IRQCHIP, 0);
	KVM(vm, KVM_CREATE_PIT2, &(struct kvm_pit_config){.flags = KVM_PIT_SPEAKER_DUMMY});
	region.userspace_addr = (uintptr_t)ram;
	KVM(vm, KVM_SET_USER_MEMORY_REGION, &region);
	int vcpu = KVM(vm, KVM_CREATE_VCPU, 0);
	set_cpuid(dev, vcpu);
	set_registers(vcpu, &img);
	run(vm, vcpu, map((size_t)KVM(dev, KVM_GET_VCPU_MMAP_SIZE, 0), MAP_SHARED, vcpu));
	return 0;
}
