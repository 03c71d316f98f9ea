/* SPDX-License-Identifier: BSD-3-Clause */
/* Synthetic kernels: see kernels.h. */
#include "kernels.h"

#include <elf.h>
#include <stdlib.h>

static void must(bool ok)
{
	if (!ok)
		abort();
}

static size_t round_up(size_t n, size_t align)
{
	return (n + align - 1) / align * align;
}

void kernel_put(struct kernel *k, size_t offset, unsigned width, uint64_t value)
{
	must(offset + width <= sizeof(k->bytes) && width <= sizeof(value));
	memcpy(k->bytes + offset, &value, width);
}

void kernel_elf(struct kernel *k, uint64_t entry, const struct elf_segment *segment, unsigned n)
{
	Elf64_Ehdr eh = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = entry,
		.e_phoff = sizeof(eh),
		.e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (uint16_t)n,
	};
	size_t at = round_up(sizeof(eh) + n * sizeof(Elf64_Phdr), 16);

	memset(k, 0, sizeof(*k));
	memcpy(k->bytes, &eh, sizeof(eh));
	for (unsigned i = 0; i < n; i++) {
		const struct elf_segment *s = &segment[i];
		Elf64_Phdr ph = {
			.p_type = s->type,
			.p_flags = s->flags,
			.p_offset = at,
			.p_vaddr = 0xffffffff80000000u + s->paddr,
			.p_paddr = s->paddr,
			.p_filesz = s->filesz,
			.p_memsz = s->memsz,
			.p_align = s->align,
		};
		must(at + s->filesz <= sizeof(k->bytes));
		memcpy(k->bytes + sizeof(eh) + i * sizeof(ph), &ph, sizeof(ph));
		if (s->bytes)
			memcpy(k->bytes + at, s->bytes, s->filesz);
		else
			memset(k->bytes + at, 0xa0 + (int)i, s->filesz);
		k->size = at + s->filesz;
		at = round_up(k->size, 16);
	}
	if (n == 0)
		k->size = sizeof(eh);
}

static Elf32_Phdr narrow(const Elf64_Phdr *ph)
{
	return (Elf32_Phdr){
		.p_type = ph->p_type,
		.p_offset = (uint32_t)ph->p_offset,
		.p_vaddr = (uint32_t)ph->p_vaddr,
		.p_paddr = (uint32_t)ph->p_paddr,
		.p_filesz = (uint32_t)ph->p_filesz,
		.p_memsz = (uint32_t)ph->p_memsz,
		.p_flags = ph->p_flags,
		.p_align = (uint32_t)ph->p_align,
	};
}

void kernel_elf_to_32(struct kernel *k)
{
	Elf64_Ehdr eh;
	Elf64_Phdr ph[8];
	Elf32_Ehdr eh32 = {.e_phoff = sizeof(eh32),
			   .e_ehsize = sizeof(eh32),
			   .e_phentsize = sizeof(Elf32_Phdr),
			   .e_machine = EM_386,
			   .e_version = EV_CURRENT};

	memcpy(&eh, k->bytes, sizeof(eh));
	must(eh.e_phnum <= sizeof(ph) / sizeof(ph[0]));
	memcpy(ph, k->bytes + eh.e_phoff, eh.e_phnum * sizeof(ph[0]));
	memcpy(eh32.e_ident, eh.e_ident, sizeof(eh32.e_ident));
	eh32.e_ident[EI_CLASS] = ELFCLASS32;
	eh32.e_type = eh.e_type;
	eh32.e_entry = (uint32_t)eh.e_entry;
	eh32.e_phnum = eh.e_phnum;
	memset(k->bytes, 0, sizeof(eh) + eh.e_phnum * sizeof(ph[0]));
	memcpy(k->bytes, &eh32, sizeof(eh32));
	for (unsigned i = 0; i < eh.e_phnum; i++) {
		Elf32_Phdr ph32 = narrow(&ph[i]);
		memcpy(k->bytes + sizeof(eh32) + i * sizeof(ph32), &ph32, sizeof(ph32));
	}
}

size_t kernel_note(uint8_t *notes, size_t used, const char *name, uint32_t namesz, uint32_t type,
		   const void *desc, uint32_t descsz, size_t align)
{
	Elf64_Nhdr nh = {.n_namesz = namesz, .n_descsz = descsz, .n_type = type};
	memcpy(notes + used, &nh, sizeof(nh));
	used += sizeof(nh);
	memcpy(notes + used, name, namesz);
	used = round_up(used + namesz, align);
	memcpy(notes + used, desc, descsz);
	return round_up(used + descsz, align);
}

void kernel_elf_small(struct kernel *k)
{
	uint8_t notes[64] = {0};
	uint32_t entry = SMALL_ELF_PVH_ENTRY;
	size_t len = kernel_note(notes, 0, "Xen", 4, 18, &entry, 4, 4);
	const struct elf_segment segment[] = {
		{PT_NOTE, PF_R, 0, 0, 4, notes, len},
		{PT_LOAD, PF_R | PF_X, SMALL_ELF_ENTRY, 64, 4096, NULL, 64},
		{PT_LOAD, PF_R | PF_W, SMALL_ELF_DATA, 4096, 4096, NULL, 32},
	};
	kernel_elf(k, SMALL_ELF_ENTRY, segment, 3);
	must(k->size == SMALL_ELF_BYTES);
}

void kernel_bzimage_small(struct kernel *k)
{
	const struct setup_header h = {
		.setup_sects = 1,
		.syssize = SMALL_BZIMAGE_CODE / 16,
		.boot_flag = SETUP_BOOT_FLAG,
		.jump = {0xeb, SMALL_BZIMAGE_HEADER_END - 0x202},
		.header = SETUP_HEADER_MAGIC,
		.version = 0x20f,
		.loadflags = SETUP_LOADED_HIGH,
		.code32_start = 0x100000,
		.initrd_addr_max = 0x7fffffff,
		.kernel_alignment = 0x1000,
		.relocatable_kernel = 1,
		.xloadflags = SETUP_XLF_KERNEL_64 | SETUP_XLF_CAN_BE_LOADED_ABOVE_4G,
		.cmdline_size = 2047,
		.pref_address = 0x100000,
		.init_size = 0x2000,
	};
	memset(k, 0, sizeof(*k));
	memset(k->bytes, 0xff, SETUP_HEADER_OFFSET);
	memcpy(k->bytes + SETUP_HEADER_OFFSET, &h, sizeof(h));
	for (size_t i = 0; i < SMALL_BZIMAGE_CODE; i++)
		k->bytes[1024 + i] = (uint8_t)(i >> 4);
	k->size = SMALL_BZIMAGE_BYTES;
}

void kernel_arm64_small(struct kernel *k)
{
	const struct arm64_image_header h = {
		.image_size = SMALL_ARM64_IMAGE_SIZE,
		.flags = SMALL_ARM64_FLAGS,
		.magic = ARM64_IMAGE_MAGIC,
	};
	memset(k, 0, sizeof(*k));
	k->machine = IMAGE_MACHINE_AARCH64;
	for (size_t i = 0; i < SMALL_ARM64_BYTES; i++)
		k->bytes[i] = (uint8_t)(i >> 4);
	memcpy(k->bytes, &h, sizeof(h));
	k->size = SMALL_ARM64_BYTES;
}

void kernel_riscv64_small(struct kernel *k)
{
	const struct riscv64_image_header h = {
		.text_offset = SMALL_RISCV64_TEXT_OFFSET,
		.image_size = SMALL_ARM64_IMAGE_SIZE,
		.version = 2,
		.magic = 0x5643534952,
		.magic2 = RISCV64_IMAGE_MAGIC2,
	};
	kernel_arm64_small(k);
	k->machine = IMAGE_MACHINE_RISCV64;
	memcpy(k->bytes, &h, sizeof(h));
}

void kernel_elf_arm64_small(struct kernel *k)
{
	uint8_t text[SMALL_ELF_ARM64_TEXT_BYTES];
	const struct arm64_image_header h = {
		.image_size = SMALL_ELF_ARM64_IMAGE_SIZE,
		.flags = SMALL_ARM64_FLAGS,
		.magic = ARM64_IMAGE_MAGIC,
	};
	memset(text, 0x1f, sizeof(text));
	memcpy(text, &h, sizeof(h));
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_X, SMALL_ELF_ARM64_START, sizeof(text), 65536, text,
		 sizeof(text)},
		{PT_LOAD, PF_R | PF_W, SMALL_ELF_ARM64_START + SMALL_ELF_ARM64_DATA, 4096, 65536,
		 NULL, 32},
	};
	kernel_elf(k, SMALL_ELF_ARM64_START, segment, 2);
	kernel_put(k, offsetof(Elf64_Ehdr, e_machine), 2, EM_AARCH64);
	k->machine = IMAGE_MACHINE_AARCH64;
	must(k->size == SMALL_ELF_ARM64_BYTES);
}

void kernel_zboot(struct kernel *k, const char *compression, struct blob payload)
{
	struct zboot_header h = {
		.mz = "MZ",
		.zimg = {'z', 'i', 'm', 'g'},
		.payload_offset = ZBOOT_PAYLOAD,
		.payload_size = (uint32_t)payload.size,
	};
	must(payload.size <= sizeof(k->bytes) - ZBOOT_PAYLOAD - 4);
	must(strlen(compression) < sizeof(h.compression));
	memcpy(h.compression, compression, strlen(compression));
	memset(k, 0, sizeof(*k));
	k->machine = IMAGE_MACHINE_AARCH64;
	memcpy(k->bytes, &h, sizeof(h));
	if (payload.size)
		memcpy(k->bytes + ZBOOT_PAYLOAD, payload.data, payload.size);
	k->size = ZBOOT_PAYLOAD + payload.size + 4;
}

void kernel_uki(struct kernel *k, enum image_machine machine, const struct uki_part *part,
		unsigned n)
{
	struct kernel new = {.machine = machine, .size = UKI_OFFSET(n, Name)};

	memcpy(new.bytes, "MZ", 2);
	kernel_put(&new, 0x3c, 4, UKI_PE);
	memcpy(new.bytes + UKI_PE, "PE", 2);
	kernel_put(&new, UKI_PE + 4, 2, machine == IMAGE_MACHINE_X86_64 ? 0x8664 : 0xaa64);
	kernel_put(&new, UKI_PE + 6, 2, n);
	kernel_put(&new, UKI_PE + 20, 2, UKI_TABLE - UKI_PE - 24); /* SizeOfOptionalHeader */
	for (unsigned i = 0; i < n; i++) {
		struct blob b = part[i].bytes;
		size_t padded = (b.size + 15) & ~(size_t)15;
		new.size = (new.size + 15) & ~(size_t)15;
		must(new.size + padded <= sizeof(new.bytes));
		memcpy(new.bytes + UKI_OFFSET(i, Name), part[i].name, strlen(part[i].name));
		kernel_put(&new, UKI_OFFSET(i, VirtualSize), 4, b.size);
		kernel_put(&new, UKI_OFFSET(i, SizeOfRawData), 4, padded);
		kernel_put(&new, UKI_OFFSET(i, PointerToRawData), 4, b.size ? new.size : 0);
		if (b.size)
			memcpy(new.bytes + new.size, b.data, b.size);
		new.size += padded;
	}
	*k = new;
}

int kernel_load_at(const struct kernel *k, size_t size, const struct gmem *mem,
		   const struct image_placement *where, struct image *img, struct err *e)
{
	uint8_t *file = malloc(size ? size : 1);
	must(file && size <= sizeof(k->bytes));
	memcpy(file, k->bytes, size);
	int r = image_load_at((struct blob){file, size}, k->machine, mem, where, img, e);
	free(file);
	return r;
}

int kernel_load(const struct kernel *k, size_t size, const struct gmem *mem, gpa_t lowest,
		struct image *img, struct err *e)
{
	const struct image_placement where = {.lowest = lowest};
	return kernel_load_at(k, size, mem, &where, img, e);
}

void guest_init(struct guest *g, size_t size)
{
	*g = (struct guest){.host = malloc(size)};
	must(g->host && gmem_add(&g->mem, 0, size, g->host, NULL) == 0);
	memset(g->host, 0xcc, size);
}

bool guest_untouched(const struct guest *g)
{
	uint64_t size = g->mem.range[0].size;
	return g->host[0] == 0xcc && memcmp(g->host, g->host + 1, size - 1) == 0;
}

void guest_fini(struct guest *g)
{
	free(g->host);
}
