"""One project and one console for all these tests: what they change, they change of items of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.project import Project
from tests.console.client import Client
from tests.console.stage import PEOPLE, make_project, served


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("console") / "project")


@pytest.fixture(scope="session")
def base(project: Project) -> Iterator[str]:
    with served(project.folder) as base:
        yield base


@pytest.fixture(scope="session")
def people(base: str) -> dict[str, Client]:
    """Everybody, signed in."""
    clients = {name: Client(base) for name in PEOPLE}
    for name, client in clients.items():
        assert client.sign_in(name).status == 303
    return clients


@pytest.fixture
def stranger(base: str) -> Client:
    return Client(base)


@pytest.fixture
def folder(project: Project) -> Path:
    return project.settings.state_folder
