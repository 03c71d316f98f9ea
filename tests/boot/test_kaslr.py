# SPDX-License-Identifier: BSD-3-Clause
"""A bzImage's kernel, unpacked on the host and moved to random addresses.

On aarch64 kernels move themselves: test_arm64.py has the device tree's kaslr-seed.
"""
import re

from harness import HOST, KERNEL, Setup, check, guest, kernel_args, run, scratch, test

CLOUDS = ("debian-6.1-cloud", "debian-6.12-cloud")
LINKED = ("ffffffff81000000", "01000000")


def addresses(*args, kernel="debian-6.1-cloud", cmdline=""):
    """Where the guest says that its kernel lies: virtual, physical, direct mapping."""
    r = guest("echo 0 >/proc/sys/kernel/kptr_restrict; grep ' _text$' /proc/kallsyms; "
              "grep 'Kernel code' /proc/iomem; grep ' page_offset_base$' /proc/kallsyms",
              "--memory", "256M", *args, kernel=kernel, cmdline=cmdline)
    r.expect(0, "^[0-9a-f]+ . _text", no_err=True)
    return (re.search(r"^([0-9a-f]+) . _text", r.out, re.M).group(1),
            re.search(r"^ *([0-9a-f]+)-[0-9a-f]+ : Kernel code", r.out, re.M).group(1))


def differ(kernel, cmdline=""):
    """One equal pair in three boots is a matter of bad luck: 1 in 479, or in 98. Two are not."""
    seen = [addresses(kernel=kernel, cmdline=cmdline) for _ in range(3)]
    for what in (0, 1):
        check(len({a[what] for a in seen}) > 1, f"always the same: {seen}")


@test(KERNEL, only="x86_64")
def addresses_differ_from_boot_to_boot():
    differ("debian-6.1-cloud")


@test(KERNEL, only="x86_64")
def addresses_differ_with_page_table_isolation():
    differ("debian-6.12-cloud", "pti=on")


@test(KERNEL, only="x86_64")
def nokaslr_and_off_leave_the_kernel_where_it_was_linked_for():
    for kernel in CLOUDS:
        check(addresses(kernel=kernel, cmdline="nokaslr") == LINKED, f"{kernel}: nokaslr")
    check(addresses("--kaslr", "off") == LINKED, "--kaslr off")
    check(addresses("--kaslr", "on", cmdline="nokaslr") != LINKED, "--kaslr on")


@test(KERNEL, only="x86_64")
def with_mem_the_kernel_stays_in_what_is_left():
    check(addresses(cmdline="mem=100M")[1] == LINKED[1], "mem=100M")


@test(KERNEL, only="x86_64")
def only_a_bzimage_can_be_moved():
    run(*kernel_args(vmlinux=True), "--kaslr", "on", "--dry-run").expect(
        125, err="^minivmm: .*: --kaslr on: only the kernel in a bzImage can be moved$")


@test(KERNEL, only="x86_64")
def a_kernel_that_only_its_stub_can_unpack():
    """The payload's magic is not one that is known: the stub is what there is."""
    with open(Setup.kernels["debian-6.1-cloud"][0], "rb") as f:
        image = bytearray(f.read())
    code = (image[0x1f1] + 1) * 512
    payload = code + int.from_bytes(image[0x248:0x24c], "little")
    image[payload:payload + 4] = b"BZh9"
    kernel = scratch("unknown", bytes(image))
    dry_run = ("--dry-run", "--no-cache", "--kernel", kernel)
    run(*dry_run).expect(
        0, "^  unpacked in the guest, by itself: the data is not compressed by gzip")
    run(*dry_run, "--kaslr", "on").expect(125, err="--kaslr on: only .*: the data")


@test(HOST, only="aarch64")
def kernels_here_move_themselves():
    run("--kaslr", "on", "--dry-run").expect(
        125, err="^minivmm: --kaslr: this machine's kernels choose their addresses by themselves")
