# SPDX-License-Identifier: BSD-3-Clause
"""What differs between the architectures that the tests run on, as a table.

A test that is one architecture's says so: @test(NEEDS, only="x86_64").
"""
import dataclasses
import os


@dataclasses.dataclass(frozen=True)
class Machine:
    # Tiny guests: how their files' names end, and which of them does what.
    guest_suffix: str
    power_off: tuple
    resets: tuple
    crash: str
    crash_err: str   # what stderr says of it
    crash_exit: str  # its last exit
    uart_exit: str   # what an access to the UART is
    flood_lines: int  # seconds of output: an access to the UART costs more where EL2 is emulated
    # minivmm
    protocols: tuple  # for --boot
    guest_format: str  # the format of the embedded guest and the tiny ones
    min_memory: str   # for --memory
    ram: dict         # --memory -> the pieces that --dry-run says it has
    pc: str           # the first register of those that it prints
    # Stock kernels
    kernel_format: str
    memory_mib: tuple
    ram_command: str  # prints the guest's RAM, in the pattern's lines
    ram_pattern: str  # first and last address
    ram_lost: int     # bytes that may be missing there


MACHINES = {
    "x86_64": Machine(
        guest_suffix=".elf",
        power_off=("poweroff_acpi",),
        resets=("reboot_acpi", "reboot_i8042"),
        crash="triple_fault",
        crash_err=r"^minivmm: vCPU 0: triple fault \(KVM_EXIT_SHUTDOWN\)$",
        crash_exit="SHUTDOWN",
        uart_exit="IO",
        flood_lines=2000,
        protocols=("pvh", "linux64"),
        guest_format="ELF",
        min_memory="2048K",
        ram={"512M": ("0x000000000000-0x00001fffffff",),
             "4G": ("0x000000000000-0x0000bfffffff", "0x000100000000-0x00013fffffff"),
             "5G": ("0x000000000000-0x0000bfffffff", "0x000100000000-0x00017fffffff")},
        pc="rip",
        kernel_format="bzImage",
        memory_mib=(128, 512, 3330, 4096, 8192),
        ram_command="dmesg | grep -i 'BIOS-e820.*usable'",
        ram_pattern=r"BIOS-e820: \[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\] usable",
        ram_lost=512 * 1024,  # the holes below 1 MiB, for tables and the like
    ),
    "aarch64": Machine(
        guest_suffix=".img",
        power_off=("poweroff_psci",),
        resets=("reboot_psci", "reboot_psci2"),
        crash="ldp",
        crash_err="^minivmm: vCPU 0: an access to 0x40000000, where there is no memory, by an "
                  "instruction that KVM cannot decode",
        crash_exit="ARM_NISV",
        uart_exit="MMIO",
        flood_lines=400,
        protocols=("linux64",),
        guest_format="arm64 Image",
        min_memory="4096K",
        ram={"512M": ("0x000080000000-0x00009fffffff",),
             "4G": ("0x000080000000-0x00017fffffff",),
             "5G": ("0x000080000000-0x0001bfffffff",)},
        pc="pc",
        kernel_format="arm64 Image",
        memory_mib=(256, 512, 1024, 4096, 8192),
        ram_command="grep 'System RAM' /proc/iomem",
        ram_pattern=r"^([0-9a-f]+)-([0-9a-f]+) : System RAM",
        ram_lost=0,
    ),
}

ARCH = os.uname().machine
MACHINE = MACHINES[ARCH]
