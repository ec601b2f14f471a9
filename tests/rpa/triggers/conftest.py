"""A project with a ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.audit.entry import Actor
from rpa.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / ".rpa", actor=Actor(kind="trigger", id="t", name="t")) as store:
        yield store
