"""What the tests of the readers share: documents through the real sandbox, and what is true of them."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from rpa.documents.base import Document, Place, Row, Wanted
from rpa.documents.sandbox import Sandbox

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"

Read = Callable[..., list[Row]]
"""Called with reader, path below `fixtures/` (or a full one), places and options."""


def document_at(path: Path) -> Document:
    """Return a file as a document."""
    content = path.read_bytes()
    return Document(path, hashlib.sha256(content).hexdigest(), len(content))


def offer_reader(folder: Path, name: str, source: str) -> None:
    """Write into *folder* a package that offers *source*'s class as the reader *name*."""
    (folder / f"{name}_readers.py").write_text(source)
    told = folder / f"{name}_readers-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-readers\nVersion: 1\n")
    (told / "entry_points.txt").write_text(f"[rpa.readers]\n{name} = {name}_readers:{name.title()}\n")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Return one sandbox for all tests, as a run has."""
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


@pytest.fixture
def read(sandbox: Sandbox) -> Read:
    """Return what reads a document in a child process."""

    def reading(reader: str, path: str | Path, places: Mapping[str, Place], **options: str) -> list[Row]:
        return sandbox.read(reader, document_at(FIXTURES / path), Wanted(places=places, options=options))

    return reading


@pytest.fixture(scope="session")
def truth() -> Callable[[str], Any]:
    """Return what reads a JSON file below `fixtures/`."""
    return lambda path: json.loads((FIXTURES / path).read_text("utf-8"))
