/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Loads a crash kernel: KERNEL (an Image), INITRD and a command line. Debian's kernels have no
 * kexec_file_load() here, so this is what kexec -p does: everything goes into the memory that
 * crashkernel= keeps, with a device tree that names it.
 * Source: kexec_load(2); Linux Documentation/arch/arm64/booting.rst,
 * Documentation/devicetree/bindings/chosen.yaml.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <libfdt.h>
#include <linux/kexec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MIB         (1ull << 20)
#define DTB_BYTES   (64u << 10)
#define IMAGE_BYTES 16 /* offset of image_size in the Image's header */

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

struct file {
	const void *data;
	uint64_t size;
};

static struct file map(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st))
		fail(path);
	void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		fail(path);
	return (struct file){data, (uint64_t)st.st_size};
}

static void find_memory(uint64_t *base, uint64_t *end)
{
	char line[256];
	FILE *f = fopen("/proc/iomem", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, "Crash kernel") &&
		    sscanf(line, " %" SCNx64 "-%" SCNx64, base, end) == 2)
			return;
	fail("/proc/iomem: no 'Crash kernel'");
}

/* This kernel's device tree, for the next one. */
static void make_dtb(void *dtb, const char *cmdline, const uint64_t memory[2],
		     const uint64_t initrd[2])
{
	fdt64_t usable[2] = {cpu_to_fdt64(memory[0]), cpu_to_fdt64(memory[1])};
	uint8_t old[DTB_BYTES];
	FILE *f = fopen("/sys/firmware/fdt", "r");

	if (!f || !fread(old, 1, sizeof(old), f) || fdt_open_into(old, dtb, DTB_BYTES))
		fail("/sys/firmware/fdt");
	int chosen = fdt_path_offset(dtb, "/chosen");
	if (fdt_setprop(dtb, chosen, "bootargs", cmdline, (int)strlen(cmdline) + 1) ||
	    fdt_setprop_u64(dtb, chosen, "linux,initrd-start", initrd[0]) ||
	    fdt_setprop_u64(dtb, chosen, "linux,initrd-end", initrd[1]) ||
	    fdt_setprop(dtb, chosen, "linux,usable-memory-range", usable, sizeof(usable)))
		fail("the device tree");
}

static uint64_t up(uint64_t n, uint64_t align)
{
	return (n + align - 1) & ~(align - 1);
}

int main(int argc, char **argv)
{
	static uint8_t dtb[DTB_BYTES];
	/* x0 is the tree, x1 to x3 are 0: ldr x0, 24(pc); ldr x4, 32; mov xN, xzr; br x4 */
	struct {
		uint32_t code[6];
		uint64_t dtb, kernel;
	} entry = {{0x580000c0, 0x580000e4, 0xaa1f03e1, 0xaa1f03e2, 0xaa1f03e3, 0xd61f0080}, 0, 0};
	uint64_t base, end, image_bytes;

	if (argc != 4)
		return 1;
	struct file kernel = map(argv[1]), initrd = map(argv[2]);
	find_memory(&base, &end);
	memcpy(&image_bytes, (const uint8_t *)kernel.data + IMAGE_BYTES, sizeof(image_bytes));
	entry.kernel = up(base, 2 * MIB);
	uint64_t initrd_at = up(entry.kernel + image_bytes, 2 * MIB);
	entry.dtb = up(initrd_at + initrd.size, 2 * MIB);
	uint64_t entry_at = entry.dtb + DTB_BYTES;
	make_dtb(dtb, argv[3], (uint64_t[]){base, end + 1 - base},
		 (uint64_t[]){initrd_at, initrd_at + initrd.size});
	struct kexec_segment segments[] = {
		{kernel.data, kernel.size, (void *)entry.kernel, up(image_bytes, 4096)},
		{initrd.data, initrd.size, (void *)initrd_at, up(initrd.size, 4096)},
		{dtb, sizeof(dtb), (void *)entry.dtb, DTB_BYTES},
		{&entry, sizeof(entry), (void *)entry_at, 4096},
	};
	if (syscall(SYS_kexec_load, entry_at, 4ul, segments, KEXEC_ON_CRASH | KEXEC_ARCH_AARCH64))
		fail("kexec_load");
	printf("crash kernel loaded\n");
	return 0;
}
