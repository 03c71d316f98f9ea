/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The aarch64 address map. Every device has 64 KiB of its own, so that a guest with pages of any
 * size can map one alone; a unit test checks that nothing overlaps.
 *
 *   0x0000_0000  +--------------------------------------------+
 *                | nothing: a NULL pointer finds no device    |
 *   0x0100_0000  | ns16550a UART                              | SPI 0
 *   0x0101_0000  | PL031 RTC                                  | SPI 1
 *   0x0102_0000  | exit device                                |
 *   0x0103_0000  | pvpanic                                    |
 *                |                                            |
 *   0x0200_0000  | virtio-mmio: 64 KiB each, at most 32       | SPI 16 to 47
 *                |                                            |
 *   0x0800_0000  | GIC distributor (v2: 4 KiB, v3: 64 KiB)    |
 *   0x0801_0000  | GICv2 CPU interface                        |
 *                |                                            |
 *   0x1000_0000  | GICv3 redistributors: 128 KiB a vCPU, 512  |
 *   0x1400_0000  |                                            |
 *   0x4000_0000  +--------------------------------------------+  1 GiB: devices end
 *                | nothing                                    |
 *   0x8000_0000  +--------------------------------------------+  2 GiB
 *                | RAM: kernel                                |
 *                | device tree, 2 MiB: after the kernel       |
 *                | initrd: as high as possible below 4 GiB    |
 *                +--------------------------------------------+
 *
 * The device tree begins at the first multiple of 2 MiB after the kernel, which meets every rule
 * of Linux Documentation/arch/arm64/booting.rst: aligned to 8 bytes, at most 2 MiB large, and for
 * kernels before 4.2 in one block of 2 MiB less than 512 MiB away from the kernel.
 */
#ifndef ARCH_AARCH64_LAYOUT_H
#define ARCH_AARCH64_LAYOUT_H

#define ARM64_DEVICE_SLOT 0x10000ULL /* what each device has for itself */

#define ARM64_UART_GPA      0x01000000ULL
#define ARM64_UART_BYTES    8ULL
#define ARM64_RTC_GPA       0x01010000ULL
#define ARM64_RTC_BYTES     0x1000ULL
#define ARM64_EXIT_GPA      0x01020000ULL
#define ARM64_EXIT_BYTES    4ULL
#define ARM64_PVPANIC_GPA   0x01030000ULL
#define ARM64_PVPANIC_BYTES 1ULL
#define ARM64_VIRTIO_GPA    0x02000000ULL
#define ARM64_VIRTIO_BYTES  0x200ULL
#define ARM64_VIRTIO_MAX    32u

#define ARM64_GIC_DIST_GPA    0x08000000ULL
#define ARM64_GICV3_DIST      0x10000ULL
#define ARM64_GICV2_DIST      0x1000ULL
#define ARM64_GICV2_CPU_GPA   0x08010000ULL
#define ARM64_GICV2_CPU       0x2000ULL
#define ARM64_GIC_REDIST_GPA  0x10000000ULL
#define ARM64_GIC_REDIST      0x20000ULL /* of one vCPU: two frames of 64 KiB */
#define ARM64_GICV2_CPUS_MAX  8u
#define ARM64_GICV3_CPUS_MAX  512u
#define ARM64_DEVICES_END_GPA 0x40000000ULL

#define ARM64_RAM_GPA       0x80000000ULL
#define ARM64_DTB_ALIGN     0x200000ULL
#define ARM64_DTB_MAX_BYTES 0x200000ULL

/* Shared peripheral interrupts, counted from 0 (INTID 32). */
#define ARM64_UART_SPI   0
#define ARM64_RTC_SPI    1
#define ARM64_VIRTIO_SPI 16
#define ARM64_SPIS       96u

/* Private peripheral interrupts, counted from 0 (INTID 16). KVM wires its timers to these. */
#define ARM64_TIMER_SECURE_PPI  13u
#define ARM64_TIMER_PHYS_PPI    14u
#define ARM64_TIMER_VIRTUAL_PPI 11u
#define ARM64_TIMER_HYP_PPI     10u
#define ARM64_PMU_PPI           7u

#endif
