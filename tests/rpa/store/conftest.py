"""A ledger on a real disk, or on a real server, for each test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run
from tests.postgresql import server
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, URL, database_of, opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(scope="session")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger without entries: copying it is many times faster than making one for each test."""
    folder = tmp_path_factory.mktemp("new") / "state"
    Store.open(folder, actor=ROBOT).close()
    return folder


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder of a server's socket, which all processes of these tests share."""
    own = tmp_path_factory.getbasetemp()
    with server.server(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) as sockets:
        yield sockets


@pytest.fixture(scope="session")
def new_on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: Path) -> Path:
    """Make a ledger without entries on the server; its database is called like its process."""
    folder = tmp_path_factory.mktemp("new") / "state"
    server.execute(postgresql, f"CREATE DATABASE new{os.getpid()}")
    on_server(folder, postgresql, f"new{os.getpid()}")
    Store.migrate(folder, actor=ROBOT, database=database_of(folder))
    return folder


def on_server(folder: Path, sockets: Path, database: str) -> None:
    """Say to `opened` that the ledger of *folder* is a database of the server."""
    folder.mkdir(exist_ok=True)
    (folder / URL).write_text(server.url(sockets, database), "utf-8")


@pytest.fixture
def store(folder: Path, new_ledger: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """Open a ledger in a file, or where the test is for `both`, on the server."""
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copytree(new_ledger, folder)
        with Store.open(folder, actor=ROBOT) as store:
            yield store
    else:
        yield from _on_server(folder, request)


def _on_server(folder: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    sockets: Path = request.getfixturevalue("postgresql")
    shutil.copytree(request.getfixturevalue("new_on_postgresql"), folder)
    name = f"ledger{os.getpid()}"
    server.execute(sockets, f"CREATE DATABASE {name} TEMPLATE new{os.getpid()} STRATEGY FILE_COPY")
    on_server(folder, sockets, name)
    try:
        with opened(folder) as store:
            yield store
    finally:
        server.execute(sockets, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def run(store: Store) -> Run:
    return store.start_run(BOT, DIGEST, "u-1")


@pytest.fixture
def owner(store: Store) -> Iterator[Owner]:
    with store.hold() as owner:
        yield owner
