# SPDX-License-Identifier: BSD-3-Clause
"""Initrds that Linux does not unpack: the warning before the boot, the hint after the panic."""
import bz2
import gzip
import lzma
import os
import re
import shutil
import struct
import subprocess

from harness import (HOST, KERNEL, UNPACK, Setup, check, cpio_entry, guest_path, kernel_args, pad4, run,
                     scratch, test)
from machine import ARCH
from test_errors import bzimage

TRAILER = cpio_entry("TRAILER!!!", b"", 0)
ARCHIVE = cpio_entry("a", b"content", 0o100644) + TRAILER


def xz(data, check=lzma.CHECK_CRC32):
    return lzma.compress(data, check=check, preset=0)


def by(*command):
    """Packs by a program; None where it is missing."""
    def pack(data):
        if not shutil.which(command[0]):
            return None
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout
    return pack


GOOD = {
    "cpio": lambda data: data,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "xz": xz,
    "xz without a check": lambda data: xz(data, lzma.CHECK_NONE),
    "zstd": by("zstd", "-qc"),
    "lz4": by("lz4", "-qcl"),
    "lzo": by("lzop", "-qc"),
    "after a cpio": lambda data: ARCHIVE + bytes(4) + xz(data),
    "ext2": lambda data: bytes(0x438) + b"\x53\xef" + bytes(3000),
}

# What Linux does not unpack -> the warning's beginning.
BAD = {
    "crc64": (lambda data: xz(data, lzma.CHECK_CRC64), "xz with CRC64 for a check"),
    "sha256": (lambda data: xz(data, lzma.CHECK_SHA256), "xz with SHA-256 for a check"),
    "lz4 frame": (by("lz4", "-qc"), "an lz4 frame"),
    "text": (lambda data: b"an initrd\n", r"at byte 0 \(61 6e 20 69\) there is neither a cpio archive nor"),
    "old cpio": (lambda data: b"070707" + bytes(70), "a cpio archive of the old format"),
    "half a cpio": (lambda data: data[:115], "a cpio archive that is cut short"),
    "then junk": (lambda data: data + b"junk", f"at byte {len(ARCHIVE)} "),
}


def linux():
    """What is taken for Linux, as a file."""
    if ARCH == "aarch64":
        return guest_path("exit")
    d = bytearray(bzimage())
    struct.pack_into("<I", d, 0x22c, 0x7fffffff)
    return scratch("linux", bytes(d))


def dry(data, *args, kernel=None):
    path = scratch("an-initrd", data)
    r = run("--dry-run", "--kernel", kernel or linux(), "--initrd", path, *args).expect(0, no_err=True)
    found = re.search(r"^  warning +(.*)$", r.out, re.M)
    return found.group(1).removeprefix(path + ": ") if found else None


@test(HOST)
def what_linux_unpacks_is_not_warned_of():
    for name, pack in GOOD.items():
        data = pack(ARCHIVE)
        check(data is None or dry(data) is None, f"{name}: {data and dry(data)}")


@test(HOST)
def what_it_does_not_unpack_is_named():
    for name, (pack, warning) in BAD.items():
        data = pack(ARCHIVE)
        check(data is None or re.match(warning, dry(data) or ""), f"{name}: {data and dry(data)}")


@test(HOST)
def what_does_not_fit_is_said():
    data = gzip.compress(cpio_entry("a", bytes(100 << 20), 0o100644) + TRAILER, 1)
    check(dry(data, "--memory", "128M") is None, "it fits")
    check(re.match("the initrd does not fit: its 1 MiB take 101 MiB more when they are unpacked", dry(
        data, "--memory", "96M") or ""), "no warning")
    # What a guest that is no Linux does with it is not known.
    if ARCH == "x86_64":
        check(dry(b"text", kernel=guest_path("exit")) is None, "a warning for an ELF file that is not Linux")


@test(UNPACK)
def what_the_kernel_lacks_is_said():
    config = gzip.compress(b"CONFIG_RD_GZIP=y\nCONFIG_RD_LZMA=y\n")
    with open(linux(), "rb") as f:
        kernel = bytearray(f.read())
    at = len(kernel) - 1024
    kernel[at:at + 16 + len(config)] = b"IKCFG_ST" + config + b"IKCFG_ED"
    path = scratch("configured", bytes(kernel))
    for data, expected in ((xz(ARCHIVE), "the initrd is compressed by xz, .*: CONFIG_RD_XZ is not set"),
                           (GOOD["lzma"](ARCHIVE), "None"), (gzip.compress(ARCHIVE), "None")):
        said = dry(data, kernel=path)
        check(re.fullmatch(expected, str(said)), f"{said}, expected {expected}")


# --- boots -----------------------------------------------------------------------------------

def base():
    with open(Setup.initramfs, "rb") as f:
        return gzip.decompress(f.read())


def boot(data, *args):
    return run(*kernel_args(), "--initrd", scratch("broken-initrd", data), *args)


def panics(data, hint, *args, warning=True):
    r = boot(data, *args).expect(101, err=rf"^minivmm: try {hint}")
    check(bool(re.search("^minivmm: warning: ", r.err, re.M)) == warning, r.describe())


@test(KERNEL)
def an_xz_with_crc64():
    panics(xz(base(), lzma.CHECK_CRC64),
           'another initrd: the kernel said "[^"]+": .*broken-initrd: xz with CRC64 for a check')


@test(KERNEL)
def a_gzip_that_is_cut_short():
    panics(gzip.compress(base(), 1)[:-200000],
           r'an initrd that is whole: the kernel could not unpack this one \(it said "', warning=False)


@test(KERNEL)
def an_archive_without_init():
    panics(ARCHIVE, "an initrd with an executable /init in it", warning=False)


@test(KERNEL)
def files_that_do_not_fit():
    large = cpio_entry("large", bytes(150 << 20), 0o100644) + TRAILER
    panics(gzip.compress(large, 1), "more --memory: ", "--memory", "160M")


@test(KERNEL)
def one_that_is_unpacked():
    command = cpio_entry("etc", b"", 0o040755) + cpio_entry("etc/minivmm", b"", 0o040755)
    command += cpio_entry("etc/minivmm/cmd", b"exit 7\n", 0o100755) + TRAILER
    boot(command + bytes(4) + xz(pad4(base()))).expect(7, no_err=True)
