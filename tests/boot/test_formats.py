# SPDX-License-Identifier: BSD-3-Clause
"""Kernel files that are unusual, but sound: they load, and they boot."""
import struct

from harness import HOST, KVM, check, guest_path, run, scratch, test, tiny
from machine import MACHINE
from test_errors import bzimage, refused
from test_files import elf
from test_inspect import boots, inspect


@test(HOST, only="x86_64")
def a_bzimage_without_its_last_padding():
    """As memtest86+ 6.10 is: syssize counts in 16 bytes, and the file ends within the last ones."""
    for missing in (8, 15):
        run("--dry-run", "--kernel", scratch("padding", bzimage()[:-missing])).expect(
            0, "^kernel .*: bzImage, ", no_err=True)


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
    for args in ((), ("--boot", "pvh"), ("--cpus", "4", "--memory", "4G")):
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
