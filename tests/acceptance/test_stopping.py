"""Whoever stops a run means it: nothing more is pressed, and the next run finishes what is left."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from rpa.project import Project
from rpa.runner import run
from rpa.work import Status
from tests.acceptance.test_cli import RPA
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane

MANY = 8


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("stopping")) as one:
        yield one


def project_of_many(one: Lane, first: int) -> Path:
    folder = one.project(f"CL-{first}")
    rows = "".join(f"CL-{first + number},2026-01-02\n" for number in range(1, MANY))
    (folder / "claims.csv").write_text(f"Claim No,Lost on\n{rows}", encoding="utf-8")
    return folder


def entered(one: Lane, first: int) -> Counter[str]:
    claims = {f"CL-{first + number}" for number in range(MANY)}
    return Counter(entry["claim_no"] for entry in one.running.entries() if entry["claim_no"] in claims)


@pytest.mark.parametrize(("end", "first"), [(signal.SIGKILL, 610000), (signal.SIGTERM, 620000)])
def test_ending_the_run_ends_its_workers(benefits: Lane, end: signal.Signals, first: int) -> None:
    folder = project_of_many(benefits, first)
    with subprocess.Popen([*RPA, "run", benefits.bot], cwd=folder, stderr=subprocess.DEVNULL) as process:
        while sum(entered(benefits, first).values()) < 2:
            time.sleep(0.02)
        os.kill(process.pid, end)
        process.wait(30)
        at_the_end = sum(entered(benefits, first).values())

    with FileLock(folder / ".rpa" / "locks" / "session-benefits-0.lock", timeout=60):
        assert sum(entered(benefits, first).values()) <= at_the_end + 1, "only the one in hand was finished"

    outcome = run(Project(folder), benefits.bot, by="test", progress=lambda _ended, _all: None)
    assert outcome.total(Status.CONFIRMED) + outcome.total(Status.ALREADY_ENTERED) == MANY
    assert set(entered(benefits, first).values()) == {1}


def test_an_entry_that_the_bot_has_no_more_does_not_stop_the_others(benefits: Lane) -> None:
    folder = project_of_many(benefits, 630000)
    bot = folder / "bots" / "benefits.yaml"
    bot.write_text(
        bot.read_text("utf-8").replace("- system: benefits", "- system: benefits\n    as: other"), "utf-8"
    )

    ran = rpa("run", benefits.bot, folder=folder)

    assert ran.returncode != 0
    assert "has no entry benefits any more" in ran.stdout + ran.stderr
