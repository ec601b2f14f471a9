"""Names of files that come from outside, made fit for a folder of ours."""

import re
from pathlib import Path, PurePosixPath

LONGEST = 200
"""Bytes of a name: a folder's entry holds 255 on every file system of Linux, and a number may come behind it."""

_NO_NAME = re.compile(r'[<>:"|?*]+')


def plain_name(told: str, otherwise: str) -> str:
    """Return what a file is called: what is *told*, without folders and what no file system takes.

    Where nothing is left of that, it is called *otherwise*. What is too long is cut before its suffix.
    """
    last = PurePosixPath(told.replace("\\", "/")).name
    printable = "".join(char if char.isprintable() else "_" for char in last)
    kept = Path(_NO_NAME.sub("_", printable).strip(". "))
    suffix = _cut(kept.suffix, LONGEST)
    return _cut(kept.stem, LONGEST - len(suffix.encode())) + suffix or otherwise


def _cut(text: str, most: int) -> str:
    """Return what fits into *most* bytes, in whole letters."""
    return text.encode()[:most].decode(errors="ignore")
