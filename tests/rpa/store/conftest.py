"""A ledger on a real disk for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(scope="session")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger without entries: copying it is many times faster than making one for each test."""
    folder = tmp_path_factory.mktemp("new") / "state"
    Store.open(folder, actor=ROBOT).close()
    return folder


@pytest.fixture
def store(folder: Path, new_ledger: Path) -> Iterator[Store]:
    shutil.copytree(new_ledger, folder)
    with Store.open(folder, actor=ROBOT) as store:
        yield store


@pytest.fixture
def run(store: Store) -> Run:
    return store.start_run(BOT, DIGEST, "u-1")


@pytest.fixture
def owner(folder: Path, store: Store) -> Iterator[Owner]:  # noqa: ARG001  # the folder is made by opening the store
    with Owner.hold(folder) as owner:
        yield owner
