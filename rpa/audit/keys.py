"""The log's signing key, in two files: `audit.key`, for its owner alone, and `audit.pub`. A witness's likewise.

Whoever can read `audit.key` can sign a forged log. Keep a copy of `audit.pub` where the administrators of this
machine can't write: a verifier is worth what its public key is worth.
"""

import os
import re
import secrets
import socket
from pathlib import Path

from rpa.audit.note import ED25519, PrivateKey, PublicKey
from rpa.errors import SetupError

PRIVATE_FILE, PUBLIC_FILE = "audit.key", "audit.pub"

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what a unit's `LoadCredential=` names; a key there goes before the one beside the log."""


def create_key(folder: Path, kind: bytes = ED25519) -> None:
    """Write a new key unless there is one. Its name is that of this host and a random word."""
    private, public = folder / PRIVATE_FILE, folder / PUBLIC_FILE
    if from_systemd() is None and not private.exists() and not public.exists():
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(private, PrivateKey.generate(f"{host}/keyonce/{secrets.token_hex(4)}", kind).text(), 0o600)
    if not public.exists():
        publish_key(folder, private_key(folder, kind).public)


def publish_key(folder: Path, key: PublicKey) -> None:
    """Write the public key unless one is there."""
    if not (folder / PUBLIC_FILE).exists():
        write_whole(folder / PUBLIC_FILE, str(key), 0o644)


def private_key(folder: Path, kind: bytes = ED25519) -> PrivateKey:
    """Return the signing key; raise SetupError where it is missing, open to others or no key."""
    given = from_systemd()
    if given is not None:
        # systemd shows its credentials to the unit alone, by means that a mode does not tell.
        return _parsed(given, kind)
    return read_private(folder / PRIVATE_FILE, kind)


def read_private(path: Path, kind: bytes = ED25519) -> PrivateKey:
    """Return the key in the file *path*; raise SetupError where it is missing, open to others or no key."""
    found = _parsed(path, kind)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SetupError(f"{path} can be read by others: run `chmod 600 {path}`")
    return found


def _parsed(path: Path, kind: bytes) -> PrivateKey:
    text = _read(path)
    try:
        return PrivateKey.parse(text, kind)
    except ValueError as error:
        raise SetupError(f"{path}: {error}; restore it from a backup") from None


def from_systemd() -> Path | None:
    """Return the key that systemd gives this unit, None where it gives none."""
    path = Path(os.environ.get(CREDENTIALS, "")) / PRIVATE_FILE
    return path if CREDENTIALS in os.environ and path.exists() else None


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
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the folder's own list of files on the disk: a file that was replaced must not come back."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
