# SPDX-License-Identifier: BSD-3-Clause
"""Unified kernel images, as ukify makes them (PE Format; systemd-stub(7)).

Sections are added to systemd's stub where there is one (Setup.stub), else to a PE program that is
nothing but headers. minivmm does not run it; the stub shows that its headers are those of real ones.
"""
import struct

from harness import Setup
from machine import ARCH

MACHINES = {"x86_64": 0x8664, "aarch64": 0xaa64}
OPTIONAL_BYTES, DIRECTORIES = 240, 16  # of a PE32+ header
FILE_ALIGNMENT, SECTION_ALIGNMENT = 0x200, 0x1000
CERTIFICATES = 4  # the data directory of signatures
HEADERS = 0x400


def bare_stub(arch=ARCH):
    """PE32+ headers, and no section."""
    optional = bytearray(OPTIONAL_BYTES)
    struct.pack_into("<H", optional, 0, 0x20b)
    struct.pack_into("<II", optional, 32, SECTION_ALIGNMENT, FILE_ALIGNMENT)
    struct.pack_into("<II", optional, 56, SECTION_ALIGNMENT, HEADERS)  # SizeOfImage, SizeOfHeaders
    struct.pack_into("<I", optional, 108, DIRECTORIES)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", MACHINES[arch], 0, 0, 0, 0, OPTIONAL_BYTES, 0x22e)
    return (b"MZ".ljust(0x3c, b"\0") + struct.pack("<I", 0x40) + coff + optional).ljust(HEADERS, b"\0")


def stub():
    if not Setup.stub:
        return bare_stub()
    with open(Setup.stub, "rb") as f:
        return f.read()


def align(n, to):
    return -(-n // to) * to


def add_sections(pe, sections):
    """The PE file with (name, data) pairs appended as sections of initialised data."""
    pe = bytearray(pe)
    at, = struct.unpack_from("<I", pe, 0x3c)
    count, = struct.unpack_from("<H", pe, at + 6)
    optional = at + 24
    table = optional + struct.unpack_from("<H", pe, at + 20)[0]
    room, = struct.unpack_from("<I", pe, optional + 60)
    address, = struct.unpack_from("<I", pe, optional + 56)
    for name, data in sections:
        header = table + 40 * count
        assert header + 40 <= room, "no room in the section table"
        address = align(address, SECTION_ALIGNMENT)
        pe += b"\0" * (-len(pe) % FILE_ALIGNMENT)
        struct.pack_into("<8sIIIIIIHHI", pe, header, name.encode(), len(data), address,
                         align(len(data), FILE_ALIGNMENT), len(pe), 0, 0, 0, 0, 0x40000040)
        pe += data + b"\0" * (-len(data) % FILE_ALIGNMENT)
        address += len(data)
        count += 1
    struct.pack_into("<H", pe, at + 6, count)
    struct.pack_into("<I", pe, optional + 56, align(address, SECTION_ALIGNMENT))
    return bytes(pe)


def build(*sections):
    """A unified image of (name, data) pairs; text may be a string."""
    return add_sections(stub(), [(name, data.encode() if isinstance(data, str) else data)
                                 for name, data in sections])


def signed(pe):
    """The same with a certificate table, whose content is none: nobody verifies it here."""
    pe = bytearray(pe) + b"\0" * (-len(pe) % 8)
    at, = struct.unpack_from("<I", pe, 0x3c)
    certificate = struct.pack("<IHH", 8 + 1024, 0x200, 2) + bytes(range(256)) * 4
    struct.pack_into("<II", pe, at + 24 + 112 + 8 * CERTIFICATES, len(pe), len(certificate))
    return bytes(pe) + certificate
