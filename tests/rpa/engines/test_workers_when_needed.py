"""A worker costs a process and a browser: there is none where there is nothing for it to do."""

from pathlib import Path

import pytest

from rpa.engines.local import Workers
from rpa.project import Project
from rpa.runner import run
from rpa.work import Status
from tests.rpa.triggers.coming import project


def test_a_run_with_nothing_to_enter_starts_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(Workers, "start", lambda _, number: started.append(number))
    (project(tmp_path) / "nowhere").mkdir()
    (tmp_path / "nowhere" / "list.csv").write_text("Number\n1\n", "utf-8")

    outcome = run(Project(tmp_path), "visits", by="test", progress=lambda _ended, _all: None)

    assert outcome.total(Status.REJECTED) == 1
    assert started == []
