/* SPDX-License-Identifier: BSD-3-Clause */
/* ELF kernels: vmlinux and other PVH guests, also of 32 bits. */
#ifndef LOADER_ELF_H
#define LOADER_ELF_H

#include "loader/loaded.h"

MINIVMM_BEGIN

/*
 * Both load every PT_LOAD, zero the rest of p_memsz, and write nothing before all checks have
 * passed. See image_load_at() for the parameters.
 *
 * Refused: a file shorter than its header; EI_CLASS neither ELFCLASS32 nor ELFCLASS64 or not that
 * of e_machine, EI_DATA not ELFDATA2LSB, EI_VERSION; e_type neither ET_EXEC nor ET_DYN; an
 * e_machine of another machine; e_phentsize; e_phnum over 128; program headers outside the file; no
 * PT_LOAD that occupies memory; a segment's bytes outside the file; p_filesz > p_memsz; a p_align
 * that is neither 0 nor a power of two; an address that wraps (an ELF32's: at 4 GiB), lies outside
 * RAM, in a range of where->elf_taken or, where there are none, below where->lowest; segments that
 * overlap in memory; an e_entry outside every executable segment; a where->elf_offset that is not a
 * multiple of each segment's p_align, which is 2 MiB in an x86_64 vmlinux.
 *
 * The headers are copied before they are checked, and the segments' bytes are not interpreted: a
 * file that changes meanwhile (see blob.h) is loaded by the headers that were checked.
 *
 * Only what is loaded matters: a file that was cut after its last PT_LOAD's bytes (section headers,
 * symbols) loads.
 */

/*
 * For x86_64: each PT_LOAD lies at its p_paddr + where->elf_offset. Searches every note of every
 * PT_NOTE for the PVH entry, which is ignored where that offset is not 0, because its code relies
 * on the addresses it was linked for; and for a note whose name is "Linux"
 * (LINUX_ELFNOTE_BUILD_SALT and others), of which every Linux from 4.19 on has one.
 *
 * Not refused where there is a PVH entry, but reported in img->no_entry64: an e_entry outside every
 * executable segment. Not refused, but reported in img->no_pvh: no PVH note; a PVH note whose
 * descriptor is not 4 or 8 bytes long, or whose entry does not lie in a loaded segment or not below
 * 4 GiB; two notes that contradict each other; and, where no PVH note was found, notes that do not
 * parse or lie outside the file, or more than 65536 notes. img->initrd_above_4g is never set: an
 * ELF does not say which boot protocol version it has.
 *
 * An ELF32 for EM_386 has the PVH entry alone, and is refused without one.
 */
int elf_load_x86(struct blob file, const struct gmem *mem, const struct image_placement *where,
		 struct image *img, struct err *e);

/*
 * For aarch64: a vmlinux has the kernel's virtual addresses, from 2^63 on, in p_vaddr, p_paddr and
 * e_entry alike. Such an ELF begins with the header of an arm64 Image, and is loaded where that
 * Image would be: arm64_image_place() adds its errors. One whose lowest p_paddr is below 2^63 (a
 * guest that is not Linux) lies at its p_paddr + where->elf_offset.
 */
int elf_load_arm64(struct blob file, const struct gmem *mem, const struct image_placement *where,
		   struct image *img, struct err *e);

MINIVMM_END

#endif
