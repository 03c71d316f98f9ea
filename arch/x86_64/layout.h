/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The x86_64 address map. Everything that minivmm puts in guest memory has its place here; a unit
 * test checks that nothing overlaps.
 *
 *   0x0000_0000  +--------------------------------------------+
 *                | (real-mode IVT and BDA: left zero)         |
 *   0x0000_0500  | GDT                                        |  5 entries
 *   0x0000_5000  | setup_data: a random seed                  |  4 KiB
 *   0x0000_6000  | PVH start_info, module list, memory map    |  4 KiB
 *   0x0000_7000  | zero page (struct boot_params)             |  4 KiB
 *   0x0000_8000  | page tables: PML4, PDPT, 4 PDs             | 24 KiB
 *   0x0001_0000  | command line                               | 64 KiB
 *   0x0002_0000  | usable                                     |
 *   0x0009_fc00  | ACPI: FACS (reserved: an EBDA's place)     | 64 bytes
 *   0x000a_0000  | reserved: no VGA, no option ROMs           |
 *   0x000e_0000  | ACPI: RSDP, XSDT, FADT, DSDT, MADT         | 64 KiB
 *   0x000f_0000  | MP floating pointer and MP table           | 60 KiB
 *   0x000f_f000  | a kernel's ELF headers, if it brings them  |  4 KiB
 *   0x000f_fff0  | or else the legacy reset vector            | 16 bytes
 *   0x0010_0000  +--------------------------------------------+
 *                | RAM: kernel, initrd at the top             |
 *   0xc000_0000  +--------------------------------------------+  3 GiB
 *                | hole: MMIO devices                         |
 *   0xfec0_0000  | IO-APIC                                    |
 *   0xfee0_0000  | local APICs                                |
 *   0xfeff_c000  | KVM identity map page (1), TSS (3 pages)   |  Intel without unrestricted guest
 *   0x1_0000_0000+--------------------------------------------+  4 GiB
 *                | RAM: the rest                              |
 *                +--------------------------------------------+
 *
 * A kernel whose extent, from its lowest byte to its end, spans the reset vector gets no code
 * there, though it may have no segment there.
 *
 * I/O ports: 0x60, 0x64 i8042; 0x70, 0x71 CMOS; 0xf4 exit; 0x3f8 COM1; 0x505 pvpanic;
 * 0x600 ACPI PM; 0xcf8 PCI host bridge. The PIT (0x40), the PICs (0x20, 0xa0) are KVM's.
 */
#ifndef ARCH_X86_64_LAYOUT_H
#define ARCH_X86_64_LAYOUT_H

#define X86_GDT_GPA            0x500ULL
#define X86_GDT_BYTES          0x28ULL
#define X86_SETUP_DATA_GPA     0x5000ULL
#define X86_SETUP_DATA_BYTES   0x1000ULL
#define X86_PVH_GPA            0x6000ULL
#define X86_PVH_BYTES          0x1000ULL
#define X86_ZEROPAGE_GPA       0x7000ULL
#define X86_ZEROPAGE_BYTES     0x1000ULL
#define X86_PAGE_TABLES_GPA    0x8000ULL
#define X86_PAGE_TABLES_BYTES  0x6000ULL
#define X86_CMDLINE_GPA        0x10000ULL
#define X86_CMDLINE_BYTES      0x10000ULL
#define X86_LOW_RAM_END        0x9fc00ULL
#define X86_FACS_GPA           0x9fc00ULL
#define X86_FACS_BYTES         0x40ULL
#define X86_ACPI_GPA           0xe0000ULL
#define X86_ACPI_BYTES         0x10000ULL
#define X86_MPTABLE_GPA        0xf0000ULL
#define X86_MPTABLE_BYTES      0xf000ULL
#define X86_FREE_GPA           0xff000ULL /* up to 1 MiB: reserved in the memory map, for a kernel */
#define X86_RESET_VECTOR_GPA   0xffff0ULL
#define X86_RESET_VECTOR_BYTES 0x10ULL
#define X86_HIGH_MEMORY_GPA    0x100000ULL   /* most kernels lie at or above */
#define X86_HOLE_GPA           0xc0000000ULL /* RAM stops */
#define X86_HOLE_END_GPA       0x100000000ULL
#define X86_IOAPIC_GPA         0xfec00000ULL
#define X86_LAPIC_GPA          0xfee00000ULL
#define X86_APIC_BYTES         0x1000ULL /* of either */
#define X86_IDENTITY_MAP_GPA   0xfeffc000ULL
#define X86_IDENTITY_MAP_BYTES 0x1000ULL
#define X86_TSS_GPA            0xfeffd000ULL
#define X86_TSS_BYTES          0x3000ULL

#define X86_IDENTITY_MAPPED_BYTES 0x100000000ULL /* what the page tables map, from 0 on */

/* Registers of DEV_ACPI_PM, as offsets from its base port. */
#define X86_PM1_EVT        0 /* PM1a_EVT_BLK: status, enable */
#define X86_PM1_EVT_BYTES  4
#define X86_PM1_CNT        4 /* PM1a_CNT_BLK */
#define X86_PM1_CNT_BYTES  2
#define X86_PM_RESET       6
#define X86_PM_PORTS       7
#define X86_PM_RESET_VALUE 0x01 /* what the guest writes to X86_PM_RESET */
#define X86_PM_SLP_TYP_S5  5    /* SLP_TYPx of \_S5, what it writes to power off */

#endif
