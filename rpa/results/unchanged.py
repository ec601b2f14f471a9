"""Which copies are still what they would be if they were written anew."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Told = Callable[[Sequence[str]], str]
"""Gives a hash of all that a copy says of work items, by their references."""


@dataclass(frozen=True)
class Stamp:
    """What a copy was written of: its workbook, the references on its rows, and the hash of what was said of them.

    *copy* is the SHA-256 of the copy itself: one that somebody has changed, or deleted, is written anew.
    """

    document: str
    references: Sequence[str]
    told: str
    copy: str

    def holds(self, document: str, told: Told, path: Path) -> bool:
        """Tell whether the copy at *path* says of *document* what is to be said now."""
        return self.document == document and self.told == told(self.references) and self.copy == hash_of(path)


class Stamps:
    """The stamps of all copies in a folder, kept beside them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".copies.json"
        self._known = _read(self._path)
        self._new: dict[str, Stamp] = {}

    def get(self, name: str) -> Stamp | None:
        """Return the stamp of the copy *name*, if it has one."""
        return self._known.get(name)

    def put(self, name: str, stamp: Stamp) -> None:
        """Keep a stamp; what is not put again is forgotten."""
        self._new[name] = stamp

    def save(self) -> None:
        """Write the stamps; raise `OSError` where that can't be."""
        if self._new == self._known:
            return
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps({name: asdict(one) for name, one in self._new.items()}), "utf-8")
        part.replace(self._path)


def _read(path: Path) -> Mapping[str, Stamp]:
    """Return the stamps that were saved; none where they can't be read, for then every copy is written anew."""
    try:
        return {name: Stamp(**told) for name, told in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file; nothing where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
