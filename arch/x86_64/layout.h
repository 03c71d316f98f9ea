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
 * I/O ports. The PICs and the PIT are KVM's.
 *
 *   0x020-0x021  master PIC
 *   0x040-0x043  PIT
 *   0x060-0x064  i8042: resets only
 *   0x070-0x071  CMOS RTC          GSI 8
 *   0x0a0-0x0a1  slave PIC
 *   0x0f4-0x0f7  exit device
 *   0x3f8-0x3ff  COM1, a 16550A    GSI 4
 *   0x505        pvpanic
 *   0x600-0x606  ACPI PM           GSI 9, the SCI
 *   0xcf8-0xcff  PCI host bridge
 *
 * Guests include this page, in assembly too, so it holds only numbers.
 */
#ifndef ARCH_X86_64_LAYOUT_H
#define ARCH_X86_64_LAYOUT_H

#ifdef __ASSEMBLER__
#define X86_U64(number) number /* an assembler knows no suffixes */
#else
#define X86_U64(number) number##ULL
#endif

#define X86_GDT_GPA            X86_U64(0x500)
#define X86_GDT_BYTES          X86_U64(0x28)
#define X86_SETUP_DATA_GPA     X86_U64(0x5000)
#define X86_SETUP_DATA_BYTES   X86_U64(0x1000)
#define X86_PVH_GPA            X86_U64(0x6000)
#define X86_PVH_BYTES          X86_U64(0x1000)
#define X86_ZEROPAGE_GPA       X86_U64(0x7000)
#define X86_ZEROPAGE_BYTES     X86_U64(0x1000)
#define X86_PAGE_TABLES_GPA    X86_U64(0x8000)
#define X86_PAGE_TABLES_BYTES  X86_U64(0x6000)
#define X86_CMDLINE_GPA        X86_U64(0x10000)
#define X86_CMDLINE_BYTES      X86_U64(0x10000)
#define X86_LOW_RAM_END        X86_U64(0x9fc00)
#define X86_FACS_GPA           X86_U64(0x9fc00)
#define X86_FACS_BYTES         X86_U64(0x40)
#define X86_ACPI_GPA           X86_U64(0xe0000)
#define X86_ACPI_BYTES         X86_U64(0x10000)
#define X86_MPTABLE_GPA        X86_U64(0xf0000)
#define X86_MPTABLE_BYTES      X86_U64(0xf000)
#define X86_FREE_GPA           X86_U64(0xff000) /* up to 1 MiB: reserved in the memory map, for a kernel */
#define X86_RESET_VECTOR_GPA   X86_U64(0xffff0)
#define X86_RESET_VECTOR_BYTES X86_U64(0x10)
#define X86_HIGH_MEMORY_GPA    X86_U64(0x100000)   /* most kernels lie at or above */
#define X86_HOLE_GPA           X86_U64(0xc0000000) /* RAM stops */
#define X86_HOLE_END_GPA       X86_U64(0x100000000)
#define X86_IOAPIC_GPA         X86_U64(0xfec00000)
#define X86_LAPIC_GPA          X86_U64(0xfee00000)
#define X86_APIC_BYTES         X86_U64(0x1000) /* of either */
#define X86_IDENTITY_MAP_GPA   X86_U64(0xfeffc000)
#define X86_IDENTITY_MAP_BYTES X86_U64(0x1000)
#define X86_TSS_GPA            X86_U64(0xfeffd000)
#define X86_TSS_BYTES          X86_U64(0x3000)

#define X86_IDENTITY_MAPPED_BYTES X86_U64(0x100000000) /* what the page tables map, from 0 on */

#define X86_PIC1_PORT     0x20
#define X86_PIC2_PORT     0xa0
#define X86_I8042_PORT    0x60
#define X86_I8042_PORTS   5
#define X86_CMOS_PORT     0x70
#define X86_CMOS_PORTS    2
#define X86_CMOS_IRQ      8
#define X86_EXIT_PORT     0xf4
#define X86_EXIT_PORTS    4
#define X86_COM1_PORT     0x3f8
#define X86_COM1_PORTS    8
#define X86_COM1_IRQ      4
#define X86_PVPANIC_PORT  0x505
#define X86_PVPANIC_PORTS 1
#define X86_PM_PORT       0x600
#define X86_PM_IRQ        9
#define X86_PCI_PORT      0xcf8
#define X86_PCI_PORTS     8

#endif
