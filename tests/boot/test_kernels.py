# SPDX-License-Identifier: BSD-3-Clause
"""Stock distribution kernels: formats, protocols, CPUs, memory, initrds."""
import hashlib
import random
import re

from harness import KERNEL, Setup, check, guest, initrd, kernel_args, run, test
from machine import MACHINE

REACHED = "^minivmm-initramfs: init reached$"
# /proc/sys/kernel/bootloader_type: 0xff is what our zero page says, 0xb0 is Linux's own PVH entry.
LOADER_TYPE = {"linux64": 0xff, "pvh": 0xb0}


def boots(kernel, vmlinux, protocol):
    r = run(*kernel_args(kernel, vmlinux=vmlinux), "--boot", protocol, "--initrd",
            initrd("echo loader=$(cat /proc/sys/kernel/bootloader_type); uname -r; exit 7"))
    r.expect(7, REACHED, no_err=True).expect(out=f"^loader={LOADER_TYPE[protocol]}$")


def register_matrix():
    for kernel in ("debian-6.1-cloud", "debian-6.12-cloud", "debian-6.12"):
        for form, protocol in (("bzImage", "linux64"), ("vmlinux", "linux64"), ("vmlinux", "pvh")):
            def boot(kernel=kernel, form=form, protocol=protocol):
                boots(kernel, form == "vmlinux", protocol)
            boot.__name__ = f"{kernel}_{form}_{protocol}"
            boot.__module__ = __name__
            test(KERNEL, only="x86_64")(boot)


register_matrix()


@test(KERNEL, only="x86_64")
def auto_takes_linux64_for_linux():
    for vmlinux in (True, False):
        r = run(*kernel_args(vmlinux=vmlinux), "--initrd",
                initrd("cat /proc/sys/kernel/bootloader_type"))
        r.expect(0, f"^{LOADER_TYPE['linux64']}$")


@test(KERNEL)
def a_positional_kernel_and_the_default_command_line():
    r = run(Setup.kernels["debian-6.1-cloud"][0], "--initrd", initrd("cat /proc/cmdline"))
    r.expect(0, "^console=ttyS0 panic=-1$")


@test(KERNEL)
def the_command_line_is_verbatim():
    line = "console=ttyS0 panic=-1 quiet a.b=\"two  words\" x=1,2 -- one 'two"
    r = run("--kernel", Setup.kernels["debian-6.1-cloud"][0], "--cmdline", line,
            "--initrd", initrd("cat /proc/cmdline"))
    r.expect(0, "^" + re.escape(line) + "$")


def cpus_online(n, kernel):
    r = guest("nproc; cat /sys/devices/system/cpu/online; grep -c ^processor /proc/cpuinfo",
              "--cpus", str(n), kernel=kernel)
    r.expect(0, f"^{n}\n{'0' if n == 1 else f'0-{n - 1}'}\n{n}$")


@test(KERNEL, only="x86_64")
def each_cpu_has_an_apic_id_of_its_own():
    for n in (1, 2, 4):
        r = guest("grep 'apicid' /proc/cpuinfo | sort -u; grep -w cpu.cores /proc/cpuinfo | head -1",
                  "--cpus", str(n)).expect(0, rf"^cpu cores\s*: {n}$")
        for what in ("apicid", "initial apicid"):
            check(len(re.findall(rf"^{what}\s*: \d+$", r.out, re.M)) == n, what + r.describe())


@test(KERNEL)
def one_cpu():
    cpus_online(1, "debian-6.1-cloud")


@test(KERNEL)
def two_cpus():
    cpus_online(2, "debian-6.12-cloud")


@test(KERNEL)
def four_cpus():
    cpus_online(4, "debian-6.1-cloud")


@test(KERNEL, only="x86_64")
def two_cpus_without_acpi_through_the_mp_table():
    r = guest("nproc; dmesg | grep -i 'MultiProcessor Specification'", "--cpus", "2", cmdline="acpi=off",
              kernel="debian-6.12")
    r.expect(0, "^2$").expect(out="Intel MultiProcessor Specification")


def memory_seen(mib, *args):
    """All of it but what the kernel keeps for itself; and it can be used."""
    r = guest("awk '/MemTotal/ {print $2}' /proc/meminfo; " + MACHINE.ram_command,
              "--memory", f"{mib}M", "--overcommit", *args)
    r.expect(0)
    usable = sum(int(end, 16) + 1 - int(start, 16) for start, end in re.findall(
        MACHINE.ram_pattern, r.out, re.M))
    check(mib * 1048576 - MACHINE.ram_lost <= usable <= mib * 1048576, f"{usable} usable" + r.describe())
    total = int(re.search(r"^(\d+)$", r.out, re.M).group(1)) / 1024
    check(mib - 80 - mib * 0.06 < total < mib, f"MemTotal is {total} MiB" + r.describe())


def register_memory():
    for mib in MACHINE.memory_mib:
        def memory(mib=mib):
            memory_seen(mib)
        memory.__name__ = f"{mib}_MiB_of_memory"
        memory.__module__ = __name__
        test(KERNEL)(memory)


register_memory()


def big_initrd(mib, *args):
    data = random.Random(1).randbytes(1 << 20) * mib
    digest = hashlib.md5(data).hexdigest()
    guest("md5sum /big", *args, files=[("big", data)]).expect(0, f"^{digest}  /big$")


@test(KERNEL)
def an_initrd_of_64_MiB():
    big_initrd(64)


@test(KERNEL)
def an_initrd_beside_memory_above_4_GiB():
    big_initrd(8, "--memory", "8192M", "--overcommit")
    big_initrd(8, "--memory", "3330M", "--boot", "linux64")


@test(KERNEL)
def the_clock_is_the_hosts():
    import time
    now = time.time()
    r = guest("date -u +%s").expect(0)
    guest_now = int(re.search(r"^(\d{9,})$", r.out, re.M).group(1))
    check(abs(guest_now - now) < 60, f"the guest says {guest_now}, the host {now}")


@test(KERNEL, only="x86_64")
def randomness_is_there_from_the_start():
    """Where RDRAND is not trusted, all is from setup_data, of which the kernel leaves nothing."""
    for kernel in ("debian-6.1-cloud", "debian-6.12-cloud"):
        r = guest("dmesg | grep -E 'Command line:|crng init done|Zone ranges:'; "
                  "cd /sys/kernel/boot_params/setup_data/0 && "
                  "echo type $(cat type), $(wc -c <data) bytes", kernel=kernel,
                  cmdline="nordrand random.trust_cpu=off").expect(0, "^type 0x9, 0 bytes$")
        begin, ready, later = (r.out.find(text) for text in (
            "Command line:", "random: crng init done", "Zone ranges:"))
        check(0 <= begin < ready < later, f"{kernel}: {begin}, {ready}, {later}" + r.describe())


@test(KERNEL)
def no_warning_in_the_kernels_log():
    r = guest("dmesg | grep -E 'WARNING: CPU|BUG|PCI: Fatal|Call Trace|[Cc]onflict|AE_|ACPI.*([Ww]arning|[Ee]rror)' && exit 1; "
              "cat /proc/interrupts /proc/ioports /proc/iomem; exit 0", "--cpus", "2", kernel="debian-6.12-cloud")
    r.expect(0, r"ttyS0").expect(out=r"serial")


@test(KERNEL)
def seccomp_log_and_off_boot_too():
    for mode in ("log", "off"):
        guest("grep Seccomp: /proc/1/status", "--seccomp", mode).expect(0, REACHED)
