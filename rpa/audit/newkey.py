"""A new signing key in the place of the one before, without a moment in which neither is there."""

from datetime import UTC, datetime
from pathlib import Path

from rpa.audit.chain import KeyChange, read_change
from rpa.audit.checkpoint import checkpoint_of
from rpa.audit.entry import instant
from rpa.audit.keys import PRIVATE_FILE, PUBLIC_FILE, from_systemd, private_key, read_private, write_whole
from rpa.audit.memory import Memory
from rpa.audit.note import PrivateKey, PublicKey
from rpa.errors import SetupError

NEXT_FILE = f"{PRIVATE_FILE}.next"
"""The new key, until the log says that it signs."""

CHANGE_FILE = "audit.change"
"""The note of a signing process's last change, for its log to fetch."""


def next_key(folder: Path, checkpoint: str) -> str:
    """Write a new key of the same log, and return the note by which it follows the old one at the *checkpoint*.

    Raises SetupError where the old key comes from systemd: only who keeps it there can put another in its place.
    """
    if from_systemd() is not None:
        raise SetupError(
            "the signing key comes from systemd: change it where it is kept, see docs/audit-events.md"
        )
    old, path = private_key(folder), folder / NEXT_FILE
    if not path.exists():  # else it was begun before, and broke off
        write_whole(path, PrivateKey.generate(old.name).text(), 0o600)
    new, head = read_private(path), checkpoint_of(checkpoint)
    return KeyChange(head.size, head.root, old.public, new.public, instant(datetime.now(UTC))).sign(old, new)


def adopt_key(folder: Path, key: PublicKey) -> None:
    """Let the new *key* sign; what broke off in between is done again. Raises SetupError where it is not here."""
    path = folder / NEXT_FILE
    if path.exists() and read_private(path).public == key:
        path.replace(folder / PRIVATE_FILE)
    if private_key(folder).public != key:
        raise SetupError(f"the audit log's new signing key is not in {folder}: restore it from a backup")
    write_whole(folder / PUBLIC_FILE, str(key), 0o644)


def follow(folder: Path, memory: Memory) -> None:
    """Let a new key of a signing process follow the one that it has, at the last checkpoint that it signed.

    Raises SetupError where it has signed none.
    """
    last = memory.newest(private_key(folder).name)
    if last is None:
        raise SetupError("this signer has signed nothing yet: it needs no new key")
    note = next_key(folder, last)
    write_whole(folder / CHANGE_FILE, note.removesuffix("\n"), 0o644)


def last_change(folder: Path) -> str | None:
    """Return the note by which the signing process's key follows from the one before; None for its first key.

    A change that broke off is brought to its end.
    """
    path = folder / CHANGE_FILE
    if not path.exists():
        return None
    note = path.read_text("utf-8")
    adopt_key(folder, read_change(note).new)
    return note
