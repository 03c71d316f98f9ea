# SPDX-License-Identifier: BSD-3-Clause
"""Kernel files that are unusual, but sound: they load, and they boot."""
import struct

from harness import HOST, KVM, check, guest_path, run, scratch, test, tiny
from test_errors import bzimage, refused
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
