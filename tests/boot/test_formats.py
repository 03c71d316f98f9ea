# SPDX-License-Identifier: BSD-3-Clause
"""Kernel files that are unusual, but sound: they load, and they boot."""
from harness import HOST, run, scratch, test
from test_errors import bzimage


@test(HOST, only="x86_64")
def a_bzimage_without_its_last_padding():
    """As memtest86+ 6.10 is: syssize counts in 16 bytes, and the file ends within the last ones."""
    for missing in (8, 15):
        run("--dry-run", "--kernel", scratch("padding", bzimage()[:-missing])).expect(
            0, "^kernel .*: bzImage, ", no_err=True)
