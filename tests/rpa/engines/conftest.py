"""Two machines that are there for all tests of a file: starting them costs more than what they do."""

from collections.abc import Iterator

import pytest

from fixtures.systems.common import running
from tests.postgresql import server
from tests.rpa.engines.office import Office, office

SAVES = 1.0
"""Seconds that each save takes, so that there is time to do something to whoever presses."""


@pytest.fixture(scope="module")
def both_machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return an office whose server is its own: it is broken, too."""
    folder = tmp_path_factory.mktemp("office")
    with (
        server.server(folder) as sockets,
        running("benefits", folder / "benefits.db", slow_save=SAVES) as system,
        office(folder, sockets, system) as made,
    ):
        yield made


@pytest.fixture
def staffed(both_machines: Office) -> Office:
    """Return the office with a worker on both machines, whatever was done to them before."""
    both_machines.staff()
    return both_machines
