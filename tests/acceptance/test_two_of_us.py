"""Others are at work too: a second run, a clerk with the same claim, a transaction that has to wait."""

import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from fixtures.systems.common import ROOT
from rpa.project import Project
from rpa.work import Status
from tests.acceptance.test_cli import RPA
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane, promised
from tests.waiting import wait_for

FOUR = 4
SETTLE = 2
"""Seconds that the system has in these projects to show what was saved."""


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("two")) as one:
        yield one


@pytest.fixture(scope="module")
def promise(benefits: Lane) -> int:
    return promised(benefits.effects("CL-940000"))


def claims(folder: Path, *references: str) -> None:
    rows = "".join(f"{one},2026-01-02\n" for one in references)
    (folder / "claims.csv").write_text(f"Claim No,Lost on\n{rows}", encoding="utf-8")


def by_hand(one: Lane, reference: str) -> None:
    """Let a clerk enter the claim that we entered, behind our back."""
    with closing(sqlite3.connect(one.running.database)) as book, book:
        names = [row[1] for row in book.execute("PRAGMA table_info(entries)") if row[1] not in {"id", "reference"}]
        columns = ", ".join(names)
        again = f"SELECT {columns}, 'B-HAND' FROM entries WHERE claim_no = ?"  # noqa: S608  # the table's own names
        book.execute(f"INSERT INTO entries ({columns}, reference) {again}", (reference,))


def test_two_runs_of_a_bot_at_once_share_its_one_session_and_enter_each_claim_once(benefits: Lane) -> None:
    folder = benefits.project("CL-941000")
    references = [f"CL-94100{number}" for number in range(FOUR)]
    claims(folder, *references)

    runs = [
        subprocess.Popen([*RPA, "run", benefits.bot], cwd=folder, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=150)[0] for process in runs]

    assert [process.returncode for process in runs] == [0, 0], told
    numbers = Counter(entry["claim_no"] for entry in benefits.running.entries())
    assert [numbers[one] for one in references] == [1] * FOUR
    with Project(folder).store() as store:
        ends = [one for item in store.work_items() for one in store.transactions(item.id)]
        assert {one.status for one in ends} == {Status.CONFIRMED}
        assert {one.attempt for one in ends} == {1}, "a second sign-in would have thrown the first one out"


def test_a_clerk_who_enters_the_claim_meanwhile_is_found_out_and_a_person_looks(
    benefits: Lane, promise: int
) -> None:
    folder = benefits.project("CL-942001")
    assert benefits.victim(folder, promise + 1, "after").returncode < 0
    by_hand(benefits, "CL-942001")

    ran = rpa("run", benefits.bot, folder=folder)
    listed = rpa("queue", "--status", "in_doubt", folder=folder)

    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert "DUPLICATES: CL-942001" in ran.stdout
    assert "DUPLICATE, 2 entries where one was expected" in " ".join(listed.stdout.split())
    assert benefits.rows("CL-942001") == 2
    with Project(folder).store() as store:
        assert [entry["event"] for entry in store.log.read()].count("transaction.duplicate") == 1


def test_what_waits_to_be_settled_keeps_nobody_waiting(benefits: Lane, promise: int) -> None:
    folder = benefits.project("CL-943001")
    assert benefits.victim(folder, promise, "after").returncode < 0
    page_map = folder / "bots" / "systems" / "benefits.yaml"
    page_map.write_text(page_map.read_text("utf-8").replace("settle: 2s", "settle: 30s"), encoding="utf-8")
    claims(folder, "CL-943001", "CL-943002")

    ran = rpa("run", benefits.bot, folder=folder)

    assert ran.returncode == 3, ran.stdout + ran.stderr
    with Project(folder).store() as store:
        ends = [entry["reference"] for entry in store.log.read() if entry.get("to") in {"confirmed", "in_doubt"}]
    assert ends == ["CL-943002", "CL-943001"], "the one that came later was done while the first one waited"


def test_a_worker_that_slept_between_promise_and_press_wakes_up_and_nothing_is_entered_twice(
    benefits: Lane, promise: int
) -> None:
    folder = benefits.project("CL-944001")
    asleep = subprocess.Popen(
        benefits.command(folder, promise, "after", "freeze"), env={**os.environ, **benefits.environment}, cwd=ROOT
    )
    with asleep:
        wait_for(lambda: psutil.Process(asleep.pid).status() == psutil.STATUS_STOPPED)
        meanwhile = subprocess.Popen([*RPA, "run", benefits.bot], cwd=folder, stdout=subprocess.DEVNULL)
        with meanwhile:
            time.sleep(SETTLE + 3)  # what was promised is due to be settled, and the other run is at work
            asleep.send_signal(signal.SIGCONT)
            assert (asleep.wait(90), meanwhile.wait(90)) == (0, 0)

    assert benefits.rows("CL-944001") == 1
    assert benefits.settle(folder) is Status.CONFIRMED
    assert benefits.rows("CL-944001") == 1


def test_the_same_form_put_down_twice_is_entered_once(benefits: Lane) -> None:
    folder = benefits.project("CL-945001")
    bot = folder / "bots" / "benefits.yaml"
    bot.write_text(bot.read_text("utf-8").replace("files: claims.csv", "files: '*.csv'"), encoding="utf-8")
    (folder / "claims-again.csv").write_bytes((folder / "claims.csv").read_bytes())

    ran = rpa("run", benefits.bot, folder=folder)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert benefits.rows("CL-945001") == 1
