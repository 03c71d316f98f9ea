/* SPDX-License-Identifier: BSD-3-Clause */
/* ELF files of every machine: see elf_file.h. */
#include "loader/elf_file.h"

#include <inttypes.h>
#include <stdio.h>

static const gpa_t end_of_32_bits = 1ULL << 32;

/* A segment that occupies guest memory. */
static bool is_loaded(const Elf64_Phdr *ph)
{
	return ph->p_type == PT_LOAD && ph->p_memsz > 0;
}

static bool segment_holds(const Elf64_Phdr *ph, gpa_t gpa)
{
	return is_loaded(ph) && gpa >= ph->p_paddr && gpa - ph->p_paddr < ph->p_memsz;
}

static int check_segment(const struct elf *elf, unsigned i, struct err *e)
{
	const Elf64_Phdr *ph = &elf->phdr[i];
	struct blob bytes;
	gpa_t end;
	if (!blob_sub(elf->file, ph->p_offset, ph->p_filesz, &bytes))
		return err_set(e,
			       "ELF: segment %u: p_filesz=0x%" PRIx64
			       " bytes at p_offset=0x%" PRIx64 ", but the file has 0x%zx",
			       i, ph->p_filesz, ph->p_offset, elf->file.size);
	if (ph->p_filesz > ph->p_memsz)
		return err_set(e,
			       "ELF: segment %u: p_filesz=0x%" PRIx64
			       " is larger than p_memsz=0x%" PRIx64,
			       i, ph->p_filesz, ph->p_memsz);
	if (ph->p_align & (ph->p_align - 1))
		return err_set(
			e, "ELF: segment %u: p_align=0x%" PRIx64 ", expected 0 or a power of two",
			i, ph->p_align);
	if (__builtin_add_overflow(ph->p_paddr, ph->p_memsz, &end) ||
	    (elf_is_32(elf) && end > end_of_32_bits))
		return err_set(e,
			       "ELF: segment %u: p_paddr=0x%" PRIx64 " and p_memsz=0x%" PRIx64
			       " go past the end of the address space",
			       i, ph->p_paddr, ph->p_memsz);
	return 0;
}

/* Checks segment @i, which is loaded, against those before it. */
static int check_overlap(const struct elf *elf, unsigned i, struct err *e)
{
	const Elf64_Phdr *ph = &elf->phdr[i];
	for (unsigned j = 0; j < i; j++) {
		const Elf64_Phdr *other = &elf->phdr[j];
		if (!is_loaded(other))
			continue;
		/* Two ranges overlap when one of them holds the other's first byte. */
		if (segment_holds(other, ph->p_paddr) || segment_holds(ph, other->p_paddr))
			return err_set(
				e,
				"ELF: segments %u and %u overlap in memory: p_paddr=0x%" PRIx64
				" and 0x%" PRIx64,
				j, i, other->p_paddr, ph->p_paddr);
	}
	return 0;
}

/* Checks what the segments say about themselves and finds their extent. */
static int check_segments(struct elf *elf, struct err *e)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdr[i];
		if (ph->p_type != PT_LOAD)
			continue;
		if (check_segment(elf, i, e))
			return -1;
		if (!is_loaded(ph))
			continue;
		if (check_overlap(elf, i, e))
			return -1;
		if (elf->end == 0 || ph->p_paddr < elf->start)
			elf->start = ph->p_paddr;
		if (ph->p_paddr + ph->p_memsz > elf->end)
			elf->end = ph->p_paddr + ph->p_memsz;
	}
	if (elf->end == 0)
		return err_set(e, "ELF: no PT_LOAD segment with a byte of memory among e_phnum=%d",
			       elf->eh.e_phnum);
	return 0;
}

int elf_open(struct blob file, uint16_t machine, struct elf *elf, struct err *e)
{
	*elf = (struct elf){.file = file};
	if (elf_read_headers(elf, machine, e))
		return -1;
	return check_segments(elf, e);
}

/* The first range of @where that [@gpa, @gpa + @bytes) has a byte in, or NULL. @bytes is not 0. */
static const struct image_taken *find_taken(const struct image_placement *where, gpa_t gpa,
					    uint64_t bytes)
{
	for (unsigned i = 0; i < where->n_elf_taken; i++) {
		const struct image_taken *t = &where->elf_taken[i];
		if (gpa < t->base ? t->base - gpa < bytes : gpa - t->base < t->bytes)
			return t;
	}
	return NULL;
}

/* Checks segment @i at @gpa. The message has @by after p_paddr. */
static int check_free(const struct elf *elf, unsigned i, gpa_t gpa, const char *by,
		      const struct image_placement *where, struct err *e)
{
	const Elf64_Phdr *ph = &elf->phdr[i];
	const struct image_taken *taken = find_taken(where, gpa, ph->p_memsz);

	if (taken)
		return err_set(e,
			       "ELF: segment %u: p_memsz=0x%" PRIx64 " bytes at p_paddr=0x%" PRIx64
			       "%s overlap the %s (0x%" PRIx64 " to 0x%" PRIx64 ")",
			       i, ph->p_memsz, ph->p_paddr, by, taken->what, taken->base,
			       taken->base + taken->bytes - 1);
	if (!where->n_elf_taken && gpa < where->lowest)
		return err_set(e,
			       "ELF: segment %u: p_paddr=0x%" PRIx64 "%s is below 0x%" PRIx64
			       ", the lowest for a kernel",
			       i, ph->p_paddr, by, where->lowest);
	return 0;
}

/* Checks segment @i, moved by where->elf_offset. */
static int check_place(const struct elf *elf, unsigned i, const struct image_placement *where,
		       const struct gmem *mem, struct err *e)
{
	const Elf64_Phdr *ph = &elf->phdr[i];
	uint64_t offset = where->elf_offset;
	char by[32] = "";
	gpa_t gpa;

	if (offset)
		snprintf(by, sizeof(by), " + offset 0x%" PRIx64, offset);
	if (ph->p_align && offset % ph->p_align)
		return err_set(e,
			       "ELF: segment %u: offset 0x%" PRIx64
			       " is not a multiple of p_align=0x%" PRIx64,
			       i, offset, ph->p_align);
	bool wraps = __builtin_add_overflow(ph->p_paddr, offset, &gpa);
	if (!wraps && check_free(elf, i, gpa, by, where, e))
		return -1;
	if (wraps || !gmem_at(mem, gpa, ph->p_memsz))
		return err_set(e,
			       "ELF: segment %u: p_memsz=0x%" PRIx64 " bytes at p_paddr=0x%" PRIx64
			       "%s do not lie in RAM (RAM has 0x%" PRIx64 " bytes)",
			       i, ph->p_memsz, ph->p_paddr, by, gmem_total(mem));
	return 0;
}

int elf_check_place(const struct elf *elf, const struct image_placement *where,
		    const struct gmem *mem, struct err *e)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdr[i];
		if (is_loaded(ph) && check_place(elf, i, where, mem, e))
			return -1;
	}
	return 0;
}

int elf_copy(const struct elf *elf, uint64_t offset, const struct gmem *mem, struct err *e)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdr[i];
		if (!is_loaded(ph))
			continue;
		uint8_t *dst = gmem_at(mem, ph->p_paddr + offset, ph->p_memsz);
		if (!dst)
			return err_set(e,
				       "ELF: segment %u: p_memsz=0x%" PRIx64 " bytes at 0x%" PRIx64
				       " do not lie in RAM",
				       i, ph->p_memsz, ph->p_paddr + offset);
		(void)blob_copy(elf->file, ph->p_offset, dst, ph->p_filesz);
		memset(dst + ph->p_filesz, 0, ph->p_memsz - ph->p_filesz);
	}
	return 0;
}

bool elf_holds(const struct elf *elf, uint64_t address, uint32_t flags)
{
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdr[i];
		if (segment_holds(ph, address) && (ph->p_flags & flags) == flags)
			return true;
	}
	return false;
}

Elf64_Phdr elf_first_segment(const struct elf *elf)
{
	Elf64_Phdr first = {0};
	for (unsigned i = 0; i < elf->eh.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdr[i];
		if (is_loaded(ph) && ph->p_paddr == elf->start)
			first = *ph;
	}
	return first;
}

struct blob elf_bytes_at_start(const struct elf *elf)
{
	Elf64_Phdr ph = elf_first_segment(elf);
	struct blob bytes = {0};
	(void)blob_sub(elf->file, ph.p_offset, ph.p_filesz, &bytes);
	return bytes;
}

/* The end of @len bytes at @off of the file, or 0 if they do not all lie in it. */
static uint64_t end_of(const struct elf *elf, uint64_t off, uint64_t len)
{
	struct blob b;
	return blob_sub(elf->file, off, len, &b) ? off + len : 0;
}

uint64_t elf_file_bytes(const struct elf *elf)
{
	const Elf64_Ehdr *eh = &elf->eh;
	uint64_t end = end_of(elf, eh->e_phoff, (uint64_t)eh->e_phnum * eh->e_phentsize);
	uint64_t sections = end_of(elf, eh->e_shoff, (uint64_t)eh->e_shnum * eh->e_shentsize);
	if (sections > end)
		end = sections;
	for (unsigned i = 0; i < eh->e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdr[i];
		uint64_t bytes = end_of(elf, ph->p_offset, ph->p_filesz);
		if (bytes > end)
			end = bytes;
	}
	return end > elf_header_bytes(elf) ? end : elf_header_bytes(elf);
}
