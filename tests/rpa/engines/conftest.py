"""Two machines that are there for all tests of a file: starting them costs more than what they do."""

import sys
from collections.abc import Iterator

import pytest

from fixtures.systems.common import running
from tests.postgresql import server
from tests.rpa.engines.office import Office, office
from tests.rpa.engines.relay import Relay, relay

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


@pytest.fixture
def distant(both_machines: Office) -> Iterator[Relay]:
    """Have the second machine reach the server by a relay, and wait for it for seconds only; nobody works yet."""
    second = both_machines.machines[1]
    settings = (second.folder / "rpa.toml").read_text("utf-8")
    near = server.url(both_machines.sockets, both_machines.database)
    for machine in both_machines.machines:
        machine.end()
    with relay(both_machines.sockets) as way:
        far = f"postgresql://keyonce@{way.address}/{both_machines.database}?sslmode=disable"
        (second.folder / "rpa.toml").write_text(settings.replace(near, far), "utf-8")
        second.program, usual = (sys.executable, "-m", "tests.rpa.engines.impatient"), second.program
        yield way
        second.program = usual
        second.end()
    (second.folder / "rpa.toml").write_text(settings, "utf-8")
    (second.folder / "said.log").unlink()
