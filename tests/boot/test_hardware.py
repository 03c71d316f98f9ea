# SPDX-License-Identifier: BSD-3-Clause
"""x86_64's legacy hardware as stock kernels use it: PICs, PIT, ACPI's fixed hardware, a PCI bus."""
import re

from harness import KERNEL, MATRIX, Setup, check, guest, initrd, kernel_args, run, test

LINES = 200  # what the guest's init prints with interrupts: more than the UART's FIFO holds
TALK = f"i=0; while [ $i -lt {LINES} ]; do i=$((i + 1)); echo line $i of {LINES}; done; "

# Command lines that leave Linux other interrupt controllers and clocks than it would choose.
# Not among them is `noapic no-kvmclock` without `nolapic`: see docs/devices.md.
CHOICES = ("noapic", "nolapic", "noapic nolapic", "no-kvmclock", "noapic nolapic no-kvmclock",
           "no-kvmclock lapic=notscdeadline", "lapic=notscdeadline nohz=off", "clocksource=tsc",
           "clocksource=jiffies", "pci=noacpi", "acpi=noirq", "pci=off", "acpi=off", "acpi=off noapic",
           "acpi=off no-kvmclock")
KERNELS = ("debian-6.1-cloud", "debian-6.12-cloud", "debian-6.12")


def boots(cmdline, kernel="debian-6.1-cloud", protocol="linux64", cpus=1):
    """All that user space prints arrives, and the end is user space's own."""
    r = run(*kernel_args(kernel, cmdline, vmlinux=protocol == "pvh"), "--boot", protocol, "--cpus",
            str(cpus), "--initrd", initrd(TALK + "cat /proc/interrupts; dmesg | grep -i tsc:; exit 7"))
    r.expect(7)
    lines = re.findall(rf"^line (\d+) of {LINES}$", r.out, re.M)
    check(lines == [str(i + 1) for i in range(LINES)], f"{len(lines)} of {LINES} lines" + r.describe())
    return r


@test(KERNEL, only="x86_64")
def two_cpus_with_the_pics_alone():
    boots("noapic", cpus=2).expect(7, r"^ *4: .* XT-PIC +ttyS0$")


@test(KERNEL, only="x86_64")
def one_cpu_without_local_apic():
    boots("noapic nolapic", "debian-6.12-cloud").expect(7, r"^ *0: +[1-9]\d* .*XT-PIC +timer$")


@test(KERNEL, only="x86_64")
def a_kernel_that_does_not_know_kvms_clock():
    boots("no-kvmclock").expect(7, r"^ *0: +[1-9]\d* .*timer$")


@test(KERNEL, only="x86_64")
def the_power_management_event_has_its_interrupt():
    """And no kernel has a complaint about ACPI's tables or a missing PCI bus."""
    for kernel in Setup.kernels:
        r = guest("cat /proc/interrupts; dmesg | "
                  "grep -iE 'ACPI.*(warning|error)|firmware bug|pci: fatal' && exit 1; exit 0", kernel=kernel)
        r.expect(0, r"^ *9: .*IO-APIC +9-fasteoi +acpi$")


def register_matrix():
    for kernel in KERNELS:
        for cpus, protocol in ((1, "linux64"), (2, "pvh"), (4, "linux64"), (1, "pvh")):
            def all_choices(kernel=kernel, cpus=cpus, protocol=protocol):
                for cmdline in CHOICES:
                    boots(cmdline, kernel, protocol, cpus)
            all_choices.__name__ = f"{kernel}_{protocol}_{cpus}_CPUs"
            all_choices.__module__ = __name__
            test(MATRIX, only="x86_64")(all_choices)


register_matrix()


@test(MATRIX, only="x86_64")
def twelve_of_twelve_with_the_pics_alone():
    for _ in range(12):
        boots("noapic", cpus=2)


@test(MATRIX, only="x86_64")
def the_time_limit_of_64_cpus_holds():
    """Linux finds them in the MP table. They starve where the host has few, and keep it busy to the end."""
    busy = "for i in $(seq 64); do while :; do :; done & done; wait"
    r = run(*kernel_args("debian-6.12", "acpi=off loglevel=7"), "--cpus", "64", "--memory", "1G", "--initrd",
            initrd(busy), "--timeout", "120s", timeout=300)
    r.expect(124, r"Allowing 64 (present )?CPUs", r"^minivmm: --timeout: the guest still ran after 120\.000 s$")
    check(r.seconds < 140, f"it ended after {r.seconds:.0f} s" + r.describe())


@test(MATRIX, only="x86_64")
def every_way_to_reboot_and_the_power_off():
    for cmdline in ("", "noapic", "no-kvmclock", "noapic nolapic"):
        for way in ("acpi", "kbd", "bios"):
            guest("reboot -f", cmdline=f"{cmdline} reboot={way}").expect(0, "init reached", no_err=True)
        guest("poweroff -f", cmdline=cmdline).expect(0, "init reached", no_err=True)
