/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the ELF kernels of all machines share: header and segments, checked, and the copy of the
 * segments to guest memory. Field names are those of the ELF gABI.
 */
#ifndef LOADER_ELF_FILE_H
#define LOADER_ELF_FILE_H

#include "loader/blob.h"
#include "loader/err.h"
#include "loader/gmem.h"
#include "loader/loaded.h"

#include <elf.h>

enum { ELF_MAX_PHNUM = 128 }; /* Linux has 5; the check for overlaps is quadratic */

struct elf {
	struct blob file; /* borrowed */
	/*
	 * Copies, which stay as they were checked whatever becomes of @file. An ELF32's fields are
	 * widened to these; e_ident, e_ehsize and e_phentsize say what they were.
	 */
	Elf64_Ehdr eh;
	Elf64_Phdr phdr[ELF_MAX_PHNUM]; /* e_phnum of them */
	/* By p_paddr: the lowest byte of all segments that occupy memory, and past the last one. */
	uint64_t start, end;
};

/*
 * Checks the header and all that the PT_LOADs say about themselves; elf.h lists the errors.
 * @machine is the EM_* that e_machine must be. An EM_386 or EM_ARM is an ELF32; EM_X86_64,
 * EM_AARCH64 and EM_PPC64 are ELF64s; of others, either is read.
 */
int elf_open(struct blob file, uint16_t machine, struct elf *elf, struct err *e);

/*
 * The first part of elf_open(), in elf_header.c: fills @elf from @elf->file, except for its extent.
 */
int elf_read_headers(struct elf *elf, uint16_t machine, struct err *e);

/* The length of the file's header in bytes. */
size_t elf_header_bytes(const struct elf *elf);

/* True when the file is an ELF32. */
bool elf_is_32(const struct elf *elf);

/* True when @address, by p_paddr, lies in a loaded segment that has all of @flags (PF_*). */
bool elf_holds(const struct elf *elf, uint64_t address, uint32_t flags);

/* The segment at @elf->start. */
Elf64_Phdr elf_first_segment(const struct elf *elf);

/* How many bytes of the file belong to the ELF; what lies after them is something else. */
uint64_t elf_file_bytes(const struct elf *elf);

/* The file's bytes of the segment at @elf->start; perhaps none. */
struct blob elf_bytes_at_start(const struct elf *elf);

/*
 * Errors: a segment that lies, at p_paddr + where->elf_offset, outside RAM, in a range of
 * where->elf_taken or, where there are none, below where->lowest; that offset is not a multiple of
 * its p_align.
 */
int elf_check_place(const struct elf *elf, const struct image_placement *where,
		    const struct gmem *mem, struct err *e);

/*
 * Copies each PT_LOAD to p_paddr + @offset (modulo 2^64) and zeroes the rest of its p_memsz. Error:
 * one that does not lie in RAM; those before it are written then.
 */
int elf_copy(const struct elf *elf, uint64_t offset, const struct gmem *mem, struct err *e);

#endif
