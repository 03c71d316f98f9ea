# SPDX-License-Identifier: BSD-3-Clause
"""The cache of unpacked kernels."""
import glob
import gzip
import os
import struct
import time
from concurrent.futures import ThreadPoolExecutor

from harness import UNPACK, Setup, check, guest_path, run, scratch, test
from machine import ARCH
from test_files import elf
from test_inspect import bzimage_around

UNPACKED, CACHED = "^  unpacked by minivmm$", "^  unpacked from the cache$"


# The forms in which kernels are packed here; the first is the usual one.
FORMS = {"bzImage": bzimage_around, "gzip": bytes} if ARCH == "x86_64" else {"gzip": bytes}


def packed_kernel(form=next(iter(FORMS))):
    with open(guest_path("exit"), "rb") as f:
        return scratch("packed-" + form, FORMS[form](gzip.compress(f.read(), mtime=0)))


def dry_run(base, *args, kernel=None):
    return run("--dry-run", "--kernel", kernel or packed_kernel(), *args,
               env=dict(os.environ, XDG_CACHE_HOME=base))


def new_base(name):
    return os.path.join(Setup.work, name)


def kernels_in(base):
    return glob.glob(base + "/minivmm/unpacked/kernel-*")


@test(UNPACK)
def unpacked_once():
    for form in FORMS:
        folder = new_base("cache-" + form)
        kernel = packed_kernel(form)
        dry_run(folder, "--no-cache", kernel=kernel).expect(0, UNPACKED, no_err=True)
        check(not os.path.exists(folder), "--no-cache makes a folder")
        dry_run(folder, kernel=kernel).expect(0, UNPACKED, no_err=True)
        r = dry_run(folder, kernel=kernel).expect(0, CACHED, no_err=True)
        check("  cache " not in r.out, "something is wrong with the cache" + r.describe())
        dry_run(folder, "--no-cache", kernel=kernel).expect(0, UNPACKED, no_err=True)


@test(UNPACK, only="x86_64")
def one_kernel_in_two_files():
    """What is packed counts, not what is around it: the second file finds the first one's."""
    folder = new_base("two-files")
    dry_run(folder, kernel=packed_kernel("bzImage")).expect(0, UNPACKED, no_err=True)
    dry_run(folder, kernel=packed_kernel("gzip")).expect(0, CACHED, no_err=True)
    check(len(kernels_in(folder)) == 1, "it is kept twice")


@test(UNPACK)
def a_damaged_cache_is_made_anew():
    for form in FORMS:
        folder = new_base("damaged-" + form)
        kernel = packed_kernel(form)
        dry_run(folder, kernel=kernel).expect(0)
        file, = kernels_in(folder)
        with open(file, "r+b") as f:
            f.seek(123)
            f.write(b"damage")
        dry_run(folder, kernel=kernel).expect(0, UNPACKED, no_err=True)
        dry_run(folder, kernel=kernel).expect(0, CACHED, no_err=True)


@test(UNPACK)
def many_at_once():
    """Each makes the file or finds it, and one whole file is what they leave."""
    folder = new_base("many")
    kernel = packed_kernel()
    with ThreadPoolExecutor(6) as pool:
        for r in pool.map(lambda _: dry_run(folder, kernel=kernel), range(60)):
            r.expect(0, "^  unpacked (by minivmm|from the cache)$", no_err=True)
            check("  cache " not in r.out, "something is wrong with the cache" + r.describe())
    left = glob.glob(folder + "/minivmm/unpacked/[!a]*")
    check(len(left) == 1, f"left are {left}")
    dry_run(folder).expect(0, CACHED, no_err=True)


@test(UNPACK)
def a_cache_that_cannot_be():
    for base, why in (("/proc/nowhere", "/proc/nowhere: No such file or directory"),
                      (scratch("file", b"no folder"), f"{Setup.work}/file: Not a directory")):
        dry_run(base).expect(0, UNPACKED, no_err=True).expect(out=f"^  cache    none: {why}$")


@test(UNPACK)
def a_cache_of_anybodys():
    """It is not used, and --dry-run says why. A run is quiet: there is a cache, or there is none."""
    folder = new_base("anybodys")
    dry_run(folder).expect(0, UNPACKED)
    os.chmod(folder + "/minivmm/unpacked", 0o777)
    dry_run(folder).expect(0, UNPACKED, no_err=True).expect(
        out=f"^  cache    none: {folder}/minivmm/unpacked: its mode is 0777, expected at most 0755 .chmod go-w.$")
    os.chmod(folder + "/minivmm/unpacked", 0o700)
    os.rename(folder + "/minivmm", folder + "/elsewhere")
    os.symlink("elsewhere", folder + "/minivmm")
    dry_run(folder).expect(0, UNPACKED, no_err=True).expect(
        out=f"^  cache    none: {folder}/minivmm: this is a symbolic link, expected none; XDG_CACHE_HOME may")
    os.unlink(folder + "/minivmm")
    os.rename(folder + "/elsewhere", folder + "/minivmm")
    dry_run(folder).expect(0, CACHED, no_err=True)
    file, = kernels_in(folder)
    os.link(file, folder + "/link")
    dry_run(folder).expect(0, UNPACKED, no_err=True).expect(
        out=f"^  cache    none: {file}: it has 2 links, expected 1$")


def known_in(base):
    return glob.glob(base + "/minivmm/unpacked/alias-*")


@test(UNPACK)
def a_file_is_known_again():
    """Once it is two seconds old, and as long as nothing of it changes but the time it was read."""
    kernels = {form: packed_kernel(form) for form in FORMS}
    for form, kernel in kernels.items():
        folder = new_base("known-" + form)
        dry_run(folder, kernel=kernel).expect(0, UNPACKED, no_err=True)
        check(not known_in(folder), "it was too young to be known")
    time.sleep(2.1)
    for form, kernel in kernels.items():
        folder = new_base("known-" + form)
        dry_run(folder, kernel=kernel).expect(0, CACHED, no_err=True)
        known, = known_in(folder)
        for _ in range(2):
            dry_run(folder, kernel=kernel).expect(0, CACHED, no_err=True)
        check(known_in(folder) == [known], "it was not known again")
        with open(known, "r+b") as f:
            f.write(b"damage")
        dry_run(folder, kernel=kernel).expect(0, CACHED, no_err=True)
        check(known_in(folder) == [known], "what was damaged was not made anew")


@test(UNPACK, only="x86_64")
def a_changed_file_is_another():
    """It has the same length and time as before, and another kernel in it."""
    folder = new_base("changed")
    path = scratch("kernel", bzimage_around(zstd_frame(1 << 20)))
    time.sleep(2.1)
    for address in (1 << 20, 1 << 20, 2 << 20, 2 << 20):
        before = os.stat(path)
        with open(path, "r+b") as f:
            if address != 1 << 20:
                f.write(bzimage_around(zstd_frame(address)))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        dry_run(folder, "--kaslr", "off", kernel=path).expect(
            0, f"^  entry +[a-z0-9]+, at 0x{address:x}$", no_err=True)
        if address == 1 << 20:
            time.sleep(2.1)


# --- XXH64 (its specification, "XXH64 algorithm"), and how 8 bytes are found that make it what one wants

P1, P2, P3, P4, P5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
                      0x27D4EB2F165667C5)
MASK = (1 << 64) - 1


def rotl(x, n):
    return (x << n | x >> (64 - n)) & MASK


def step(acc, lane):
    return rotl((acc + lane * P2) & MASK, 31) * P1 & MASK


def stripes(data):
    """The state after all whole stripes of 32 bytes."""
    acc = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
    for at in range(0, len(data) // 32 * 32, 32):
        acc = [step(a, lane) for a, lane in zip(acc, struct.unpack_from("<4Q", data, at))]
    h = sum(rotl(a, n) for a, n in zip(acc, (1, 7, 12, 18))) & MASK
    for a in acc:
        h = ((h ^ step(0, a)) * P1 + P4) & MASK
    return (h + len(data)) & MASK


def xxh64(data):
    """Of data whose length is 8 more than a multiple of 32."""
    h = stripes(data) ^ step(0, struct.unpack_from("<Q", data, len(data) - 8)[0])
    h = (rotl(h, 27) * P1 + P4) & MASK
    h = (h ^ h >> 33) * P2 & MASK
    h = (h ^ h >> 29) * P3 & MASK
    return h ^ h >> 32


def unshift(h, n):
    x = h
    for _ in range(64 // n):
        x = h ^ x >> n
    return x


def with_xxh64(data, wanted):
    """The same with other last 8 bytes, so that its XXH64 is the one that is wanted."""
    inverse = {p: pow(p, -1, 1 << 64) for p in (P1, P2, P3)}
    h = unshift(wanted, 32) * inverse[P3] & MASK
    h = unshift(h, 29) * inverse[P2] & MASK
    h = rotl((unshift(h, 33) - P4) * inverse[P1] & MASK, 64 - 27) ^ stripes(data)
    lane = rotl(h * inverse[P1] & MASK, 64 - 31) * inverse[P2] & MASK
    forged = data[:-8] + struct.pack("<Q", lane)
    check(xxh64(forged) == wanted, "the forgery failed")
    return forged


def zstd_frame(address):
    """A kernel that lies at that address, as one raw block: its last bytes are the frame's (RFC 8878)."""
    kernel = elf([(0x100, address, 4096)]).ljust(8191, b"\0")
    frame = struct.pack("<IBB", 0xFD2FB528, 0, 0x58) + struct.pack("<I", 1 | len(kernel) << 3)[:3] + kernel
    check(len(frame) % 32 == 8, "xxh64() needs that")
    return frame


@test(UNPACK, only="x86_64")
def a_forged_kernel_is_no_other():
    """One whose payload has another's length and XXH64, and was looked at first."""
    folder = new_base("forged")
    good = zstd_frame(1 << 20)
    forged = with_xxh64(zstd_frame(2 << 20), xxh64(good))
    for frame, address in ((forged, 2 << 20), (good, 1 << 20)) * 2:
        dry_run(folder, "--kaslr", "off", kernel=scratch("kernel", bzimage_around(frame))).expect(
            0, f"^  entry +[a-z0-9]+, at 0x{address:x}$", no_err=True).expect(out="^  unpacked")
    check(len(kernels_in(folder)) == 2, "two kernels are one file")
