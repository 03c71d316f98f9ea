/* SPDX-License-Identifier: BSD-3-Clause */
/* The headers of ELF files, of 32 and of 64 bits: see elf_file.h. */
#include "loader/elf_file.h"

#include "loader/elf_machine.h"

#include <inttypes.h>
#include <stdio.h>

bool elf_is_32(const struct elf *elf)
{
	return elf->eh.e_ident[EI_CLASS] == ELFCLASS32;
}

size_t elf_header_bytes(const struct elf *elf)
{
	return elf_is_32(elf) ? sizeof(Elf32_Ehdr) : sizeof(Elf64_Ehdr);
}

static size_t phdr_bytes(const struct elf *elf)
{
	return elf_is_32(elf) ? sizeof(Elf32_Phdr) : sizeof(Elf64_Phdr);
}

/* The identification comes first: it says how to read the rest. */
static int check_ident(const unsigned char *ident, struct err *e)
{
	if (memcmp(ident, ELFMAG, SELFMAG) != 0)
		return err_set(e, "ELF: EI_MAG=%02x %02x %02x %02x, expected 7f 45 4c 46", ident[0],
			       ident[1], ident[2], ident[3]);
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return err_set(e, "ELF: EI_CLASS=%d, expected 1 (32-bit) or 2 (64-bit)",
			       ident[EI_CLASS]);
	if (ident[EI_DATA] != ELFDATA2LSB)
		return err_set(e, "ELF: EI_DATA=%d%s, expected 1 (little-endian)", ident[EI_DATA],
			       ident[EI_DATA] == ELFDATA2MSB ? " (big-endian)" : "");
	if (ident[EI_VERSION] != EV_CURRENT)
		return err_set(e, "ELF: EI_VERSION=%d, expected %d", ident[EI_VERSION], EV_CURRENT);
	return 0;
}

/* Converts what was read of an ELF32's header. */
static void widen_header(Elf64_Ehdr *eh)
{
	Elf32_Ehdr h;

	memcpy(&h, eh, sizeof(h));
	*eh = (Elf64_Ehdr){
		.e_type = h.e_type,
		.e_machine = h.e_machine,
		.e_version = h.e_version,
		.e_entry = h.e_entry,
		.e_phoff = h.e_phoff,
		.e_shoff = h.e_shoff,
		.e_flags = h.e_flags,
		.e_ehsize = h.e_ehsize,
		.e_phentsize = h.e_phentsize,
		.e_phnum = h.e_phnum,
		.e_shentsize = h.e_shentsize,
		.e_shnum = h.e_shnum,
		.e_shstrndx = h.e_shstrndx,
	};
	memcpy(eh->e_ident, h.e_ident, sizeof(h.e_ident));
}

/* Copies the whole header at once, because what is checked first says how the rest is read. */
static int read_header(struct elf *elf, struct err *e)
{
	Elf64_Ehdr *eh = &elf->eh;
	/* An ELF32's header is shorter: the file may end after it. */
	size_t size = elf->file.size < sizeof(*eh) ? elf->file.size : sizeof(*eh);

	(void)blob_copy(elf->file, 0, eh, size);
	if (size >= EI_NIDENT && check_ident(eh->e_ident, e))
		return -1;
	if (size < elf_header_bytes(elf))
		return err_set(e, "ELF: the file has %zu bytes, its header needs %zu",
			       elf->file.size, elf_header_bytes(elf));
	if (elf_is_32(elf))
		widen_header(eh);
	return 0;
}

/* As a message puts it after the number: " (x86-64)". */
struct machine_text {
	char text[16];
};

static struct machine_text name_machine(unsigned machine)
{
	const struct elf_machine *known = elf_machine_find(machine);
	struct machine_text t = {""};

	if (known)
		snprintf(t.text, sizeof(t.text), " (%s)", known->name);
	return t;
}

static int check_machine(const struct elf *elf, uint16_t machine, struct err *e)
{
	static const char *const classes[] = {"", " (32-bit)", " (64-bit)"};
	const struct elf_machine *known = elf_machine_find(machine);
	struct machine_text expected = name_machine(machine);
	unsigned class = elf->eh.e_ident[EI_CLASS];

	if (elf->eh.e_machine != machine)
		return err_set(e, "ELF: e_machine=%d%s, expected %d%s", elf->eh.e_machine,
			       name_machine(elf->eh.e_machine).text, machine, expected.text);
	if (known && known->class && class != known->class)
		return err_set(e, "ELF: EI_CLASS=%u%s, expected %d%s with e_machine=%d%s", class,
			       classes[class], known->class, classes[known->class], machine,
			       expected.text);
	return 0;
}

/* False: they do not all lie in the file. */
static bool read_phdrs(struct elf *elf)
{
	const Elf64_Ehdr *eh = &elf->eh;
	Elf32_Phdr narrow[ELF_MAX_PHNUM];

	if (!elf_is_32(elf))
		return blob_copy(elf->file, eh->e_phoff, elf->phdr,
				 eh->e_phnum * sizeof(Elf64_Phdr));
	if (!blob_copy(elf->file, eh->e_phoff, narrow, eh->e_phnum * sizeof(Elf32_Phdr)))
		return false;
	for (unsigned i = 0; i < eh->e_phnum; i++)
		elf->phdr[i] = (Elf64_Phdr){
			.p_type = narrow[i].p_type,
			.p_flags = narrow[i].p_flags,
			.p_offset = narrow[i].p_offset,
			.p_vaddr = narrow[i].p_vaddr,
			.p_paddr = narrow[i].p_paddr,
			.p_filesz = narrow[i].p_filesz,
			.p_memsz = narrow[i].p_memsz,
			.p_align = narrow[i].p_align,
		};
	return true;
}

int elf_read_headers(struct elf *elf, uint16_t machine, struct err *e)
{
	const Elf64_Ehdr *eh = &elf->eh;

	if (read_header(elf, e))
		return -1;
	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return err_set(e, "ELF: e_type=%d%s, expected 2 (executable) or 3 (shared object)",
			       eh->e_type, eh->e_type == ET_REL ? " (an object file)" : "");
	if (check_machine(elf, machine, e))
		return -1;
	if (eh->e_phnum > ELF_MAX_PHNUM)
		return err_set(e, "ELF: e_phnum=%d, expected at most %d", eh->e_phnum,
			       ELF_MAX_PHNUM);
	if (eh->e_phnum && eh->e_phentsize != phdr_bytes(elf))
		return err_set(e, "ELF: e_phentsize=%d, expected %zu", eh->e_phentsize,
			       phdr_bytes(elf));
	if (!read_phdrs(elf))
		return err_set(e,
			       "ELF: e_phnum=%d program headers at e_phoff=%" PRIu64
			       " do not lie in the file's %zu bytes",
			       eh->e_phnum, eh->e_phoff, elf->file.size);
	return 0;
}
