# SPDX-License-Identifier: BSD-3-Clause
"""Kernel files that are unusual, but sound: they load, and they boot."""
import gzip
import lzma
import os
import struct
import subprocess

from harness import (HOST, KERNEL, KVM, UNPACK, Setup, check, guest_path, initrd, run, scratch,
                     test, tiny)
from machine import MACHINE
from test_errors import bzimage, refused
from test_files import elf
from test_inspect import boots, bzimage_around, inspect


# 64-bit code: prints "hi" on COM1 and writes 0 to the exit port.
HI = bytes.fromhex("66baf803" "b068ee" "b069ee" "b00aee" "31c0" "e6f4" "f4")


@test(HOST, only="x86_64")
def a_bzimage_without_its_last_padding():
    """As memtest86+ 6.10 is: syssize counts in 16 bytes, and the file ends within the last ones."""
    for missing in (8, 15):
        run("--dry-run", "--kernel", scratch("padding", bzimage()[:-missing])).expect(
            0, "^kernel .*: bzImage, ", no_err=True)
    refused(run("--dry-run", "--kernel", scratch("padding", bzimage()[:-16])), ": it is cut short$")


@test(KVM, only="x86_64")
def a_bzimage_without_its_last_padding_runs():
    """Its last instruction is the last byte of the file."""
    data = bytearray(bzimage()[:1024 + 0x200] + HI)
    struct.pack_into("<I", data, 0x1f4, 0x200 // 16 + (len(HI) + 15) // 16)
    check(len(HI) % 16, "nothing is missing")
    for cpus in ("1", "4"):
        run("--kernel", scratch("padding", data), "--cpus", cpus).expect(0, "^hi$", no_err=True)


# --- ELF32

def without_pvh_note(data):
    """An ELF32 whose PT_NOTEs are no more."""
    d = bytearray(data)
    phoff, = struct.unpack_from("<I", d, 28)
    phnum, = struct.unpack_from("<H", d, 44)
    for at in range(phoff, phoff + phnum * 32, 32):
        if struct.unpack_from("<I", d, at)[0] == 4:
            struct.pack_into("<I", d, at, 0)
    return bytes(d)


@test(KVM, only="x86_64")
def a_32_bit_guest_is_entered_by_pvh():
    for args in ((), ("--boot", "pvh"), ("--cpus", "4", "--memory", "4G", "--overcommit")):
        tiny("elf32", "--cmdline", "a b", *args).expect(0, "^SUCCESS: a b$", no_err=True)


@test(HOST, only="x86_64")
def a_32_bit_guest_has_no_other_entry():
    refused(run("--dry-run", "--kernel", guest_path("elf32"), "--boot", "linux64"),
            "^minivmm: --boot linux64: this ELF has no 64-bit entry: a 32-bit ELF is entered in 32-bit mode alone$")
    with open(guest_path("elf32"), "rb") as f:
        path = scratch("no-note", without_pvh_note(f.read()))
    refused(run("--dry-run", "--kernel", path),
            f"^minivmm: {path}: ELF: a 32-bit kernel needs a PVH entry: there is no PVH note$")
    found = inspect(path)
    check(found["architecture"] == "i386" and found["loaded"] is None, str(found))
    found = inspect(guest_path("elf32"))
    check(boots(found)[("x86_64", "pvh", False)] and not boots(found)[("x86_64", "linux64", False)], str(found))


# --- ELF below 1 MiB

@test(KVM, only="x86_64")
def headers_below_1_mib():
    """As `ld -Ttext=0x100000` leaves them, alone or in one segment with the text."""
    for name in ("low", "low_joined"):
        for protocol in MACHINE.protocols:
            tiny(name, "--boot", protocol, "--cpus", "4").expect(0, "^SUCCESS$", no_err=True)


@test(HOST, only="x86_64")
def what_is_not_free_below_1_mib():
    def at(address):
        return scratch("low", elf([(0x100, address, 4096), (0x100, 1 << 20, 4096)]).ljust(0x1100, b"\0"))
    for address, what in ((0x7800, "zero page .0x7000 to 0x7fff."), (0xa0000, "EBDA and video memory .0x9fc00 to"),
                          (0xef001, "ACPI tables .0xe0000 to"), (0xf8000, "MP table .0xf0000 to")):
        path = at(address)
        refused(run("--dry-run", "--kernel", path),
                f"^minivmm: {path}: ELF: segment 0: .* at p_paddr=0x{address:x} overlap the {what}")
        check(inspect(path)["loaded"] is None, "inspect loads it")
    for address in (0x1000, 0x20000, 0xff000):
        run("--dry-run", "--kernel", at(address)).expect(
            0, f"^  occupies 0x{address:012x}-0x000000100fff$", no_err=True)
        check(int(inspect(at(address))["loaded"]["start"], 16) == address, "inspect has it elsewhere")


# --- compressed kernels

def filtered(*command):
    return lambda data: subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


CODECS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "xz": lzma.compress,
    "zstd": filtered("zstd", "-1qc"),
    "lz4": filtered("lz4", "-1qc"),
    "lz4-legacy": filtered("lz4", "-1qcl"),
}


def guest_bytes():
    with open(guest_path("exit"), "rb") as f:
        return f.read()


@test(UNPACK)
def a_compressed_elf_or_image_is_loaded():
    """By whatever it is compressed, as what it unpacks to."""
    plain = run("--dry-run", "--kernel", guest_path("exit")).expect(0).out.splitlines()
    for name, pack in CODECS.items():
        r = run("--dry-run", "--no-cache", "--kernel", scratch("packed-" + name, pack(guest_bytes())))
        r.expect(0, "^  unpacked by minivmm$", no_err=True)
        check(r.out.splitlines()[1:3] == plain[1:3], "it lies elsewhere" + r.describe())


@test(UNPACK)
def a_compressed_kernel_runs():
    path = scratch("exit.gz", gzip.compress(guest_bytes()))
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return
    for protocol in MACHINE.protocols:
        run("--kernel", path, "--boot", protocol, "--cmdline", "exit=7").expect(7, "^exit 7$", no_err=True)


@test(UNPACK, only="x86_64")
def a_compressed_bzimage():
    """Its own code would unpack it: the address is what tells."""
    path = scratch("bzimage.gz", gzip.compress(bzimage_around(gzip.compress(guest_bytes()))))
    run("--dry-run", "--kernel", path).expect(0, "^  entry +linux64, at 0x1000200$", no_err=True)
    found = inspect(path)
    check(boots(found)[("x86_64", "linux64", False)] == 0x1000200, str(found))
    check(boots(found)[("x86_64", "pvh", True)] is not None, str(found))


@test(UNPACK, only="x86_64")
def what_is_compressed_and_no_kernel():
    for data, err in ((gzip.compress(b"#!/bin/sh\n"), "inside this gzip file: this is a script or text file; expected"),
                      (gzip.compress(gzip.compress(guest_bytes())), "inside this gzip file: this is a gzip file; "),
                      (gzip.compress(elf([(0, 0x8000, 64)])), "inside this gzip file: ELF: segment 0: .*page tables"),
                      (gzip.compress(guest_bytes())[:-9], "gzip: its .* bytes are cut short")):
        path = scratch("packed", data)
        refused(run("--dry-run", "--no-cache", "--kernel", path), f"^minivmm: {path}: {err}")
    path = scratch("packed", gzip.compress(guest_bytes()))
    refused(run("--dry-run", "--kernel", path, "--kaslr", "on"),
            f"^minivmm: {path}: --kaslr on: only the kernel in a bzImage can be moved")


@test(KERNEL, only="x86_64")
def a_stock_vmlinux_gz():
    path = os.path.join(Setup.work, "vmlinux.gz")
    with open(path, "wb") as f:
        subprocess.run(["gzip", "-1c", Setup.kernels["debian-6.1-cloud"][1]], stdout=f, check=True)
    run("--kernel", path, "--cpus", "2", "--cmdline", "console=ttyS0 panic=-1 quiet",
        "--initrd", initrd("exit 7")).expect(7, "^minivmm-initramfs: init reached$", no_err=True)
