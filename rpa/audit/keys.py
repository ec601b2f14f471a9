"""The log's signing key, in two files beside the ledger: `audit.key`, for its owner alone, and `audit.pub`.

Whoever can read `audit.key` can sign a forged log. Keep a copy of `audit.pub` where the administrators of this
machine can't write: a verifier is worth what its public key is worth.
"""

import os
import re
import secrets
import socket
from pathlib import Path

from rpa.audit.note import PrivateKey, PublicKey
from rpa.errors import SetupError

PRIVATE_FILE, PUBLIC_FILE = "audit.key", "audit.pub"


def create_key(folder: Path) -> None:
    """Write a new key unless the folder has one. Its name, the log's, is that of this host and a random word."""
    private, public = folder / PRIVATE_FILE, folder / PUBLIC_FILE
    if not private.exists() and not public.exists():
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"
        write_whole(private, PrivateKey.generate(f"{host}/keyonce/{secrets.token_hex(4)}").text(), 0o600)
    if not public.exists():
        write_whole(public, str(private_key(folder).public), 0o644)


def private_key(folder: Path) -> PrivateKey:
    """Return the signing key; raise SetupError where it is missing, open to others or no key."""
    path = folder / PRIVATE_FILE
    text = _read(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SetupError(f"{path} can be read by others: run `chmod 600 {path}`")
    try:
        return PrivateKey.parse(text)
    except ValueError as error:
        raise SetupError(f"{path}: {error}; restore it from a backup") from None


def public_key(folder: Path) -> PublicKey:
    """Return the key that checks the log's checkpoints; raise SetupError where it is missing or no key."""
    path = folder / PUBLIC_FILE
    try:
        return PublicKey.parse(_read(path))
    except ValueError as error:
        raise SetupError(f"{path}: {error}; restore it from a backup") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}); restore it from a backup") from None


def write_whole(path: Path, text: str, mode: int) -> None:
    """Write the whole file or none of it, never readable by more people than *mode* says."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
