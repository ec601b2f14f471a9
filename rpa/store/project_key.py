"""The project's key in a file beside the ledger, for its owner alone, where the settings name no other place.

Whoever has this file and the ledger can read every record. A backup of both in one place keeps what was erased
since; in production the key belongs into a secret store (`[privacy] key` in rpa.toml).
"""

import base64
import binascii
import os
from pathlib import Path
from secrets import token_bytes

from rpa.audit.keys import write_whole
from rpa.errors import SetupError
from rpa.store.sealing import KEY_BYTES

FILE = "personal.key"


NEXT = f"{FILE}.next"
"""A new key, until everything is sealed under it."""


def next_project_key(folder: Path) -> bytes:
    """Return a new random key, kept in a file of its own; the one of a change that broke off, if there was one."""
    if not (folder / NEXT).exists():
        write_whole(folder / NEXT, base64.b64encode(token_bytes(KEY_BYTES)).decode("ascii"), 0o600)
    return parsed((folder / NEXT).read_text("ascii"), str(folder / NEXT))


def adopt_project_key(folder: Path) -> None:
    """Put the new key in the place of the one before."""
    (folder / NEXT).replace(folder / FILE)


def create_project_key(folder: Path) -> None:
    """Write a new random key unless the folder has one."""
    if not (folder / FILE).exists():
        write_whole(folder / FILE, base64.b64encode(token_bytes(KEY_BYTES)).decode("ascii"), 0o600)


def project_key(folder: Path) -> bytes:
    """Return the key; raise `SetupError` where it is missing, open to others or none."""
    path = folder / FILE
    try:
        mode, text = path.stat().st_mode, path.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        raise SetupError(f"{path} can't be read: restore it from a backup, else no record can be") from None
    if os.name == "posix" and mode & 0o077:
        raise SetupError(f"{path} can be read by others: run `chmod 600 {path}`")
    return parsed(text, str(path))


def parsed(text: str, where: str) -> bytes:
    """Return the key that is written as base64; raise `SetupError` that names *where* it stands."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SetupError(f"{where} holds no key: make one by `openssl rand -base64 {KEY_BYTES}`")
    return key
