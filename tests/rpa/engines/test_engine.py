"""What a machine says about who does the work, and a run whose work nobody takes."""

from pathlib import Path

import pytest

from rpa.engines.procrastinate import elsewhere
from tests.commands import typed as rpa
from tests.rpa.engines.office import Office


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "bots").mkdir()
    return tmp_path


def test_a_queue_without_a_server_is_refused(project: Path) -> None:
    (project / "rpa.toml").write_text('engine = "procrastinate"\n', encoding="utf-8")

    said = rpa("queue", folder=project)

    assert (said.returncode, "procrastinate needs the ledger on PostgreSQL" in said.stderr) == (1, True)


def test_a_worker_without_a_queue_is_told_what_to_set(project: Path) -> None:
    said = rpa("worker", folder=project)

    assert (said.returncode, 'set engine = "procrastinate"' in said.stderr) == (1, True)


def test_a_run_for_which_no_worker_is_there_says_so(
    both_machines: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "NOBODY", 0.5)
    both_machines.lay_out(1)

    outcome = both_machines.run()

    assert [words.split(":")[0] for words in outcome.failures] == ["no worker is there for benefits"]


def test_a_system_that_is_none_is_refused(both_machines: Office) -> None:
    said = rpa("worker", "--systems", "benefts", folder=both_machines.machines[0].folder)

    assert (said.returncode, "no system is called benefts; known: benefits" in said.stderr) == (1, True)
