"""A long queue gets a further worker, a short one has one; and never are there more than the system's sessions."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.audit.entry import Event
from rpa.engines.surge import Surges
from rpa.errors import LedgerFailed
from rpa.project import Project
from rpa.runner import run
from rpa.store.store import Store
from rpa.work import Status
from tests.kills.lane import Lane, lane
from tests.waiting import wait_for

SURGE = "trigger: {0}\nbot: kill-payments\nqueue: {{waiting: {1}, workers: {2}, every: 200ms}}\n"
SAVES = 0.5
"""Seconds that the system takes to save, so that a second worker comes before all is entered."""


@pytest.fixture(scope="module")
def payments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("payments", tmp_path_factory.mktemp("surge"), slow_save=SAVES) as one:
        yield one


def project(one: Lane, reference: str, *surges: tuple[int, int]) -> Path:
    folder = one.project(reference)
    page_map = folder / "bots" / "systems" / "payments.yaml"
    page_map.write_text(page_map.read_text("utf-8").replace("sessions: 1", "sessions: 2"), "utf-8")
    (folder / "triggers").mkdir()
    for waiting, workers in surges:
        name = f"surge-{waiting}"
        (folder / "triggers" / f"{name}.yaml").write_text(SURGE.format(name, waiting, workers), "utf-8")
    return folder


def entered(one: Lane, folder: Path, begin: int, claims: int) -> tuple[list[tuple[int, int]], int]:
    """Enter so many claims; return how many workers there were after how many were done, and the sign-ins."""
    numbers = [f"CL-{begin + number}" for number in range(claims)]
    rows = "".join(f"{number},2026-01-02\n" for number in numbers)
    (folder / "claims.csv").write_text(f"Claim No,Lost on\n{rows}", "utf-8")
    seen: list[tuple[int, int]] = []

    outcome = run(
        Project(folder),
        one.bot,
        by="test",
        progress=lambda done, _all: seen.append((done, len(multiprocessing.active_children()))),
    )

    assert outcome.failures == ()
    assert outcome.total(Status.CONFIRMED) == claims
    assert [one.rows(number) for number in numbers] == [1] * claims
    with Project(folder).store() as store:
        return seen, sum(entry["event"] == Event.SECRET_USED for entry in store.log.read())


def test_a_long_queue_is_entered_by_two_workers_and_its_end_by_one(payments: Lane) -> None:
    folder = project(payments, "CL-970000", (4, 3))

    seen, signed_in = entered(payments, folder, 970000, 8)

    assert max(workers for _, workers in seen) == 2, "the trigger says three, but there are two sessions"
    assert signed_in == 2
    second = next(at for at, (_, workers) in enumerate(seen) if workers == 2)
    assert any(workers == 1 and done < 8 for done, workers in seen[second:]), "it is taken back while work is left"


def test_a_short_queue_is_entered_by_one_worker(payments: Lane) -> None:
    folder = project(payments, "CL-980000", (4, 2))

    seen, signed_in = entered(payments, folder, 980000, 2)

    assert (max(workers for _, workers in seen), signed_in) == (1, 1)


def test_without_a_trigger_there_are_as_many_workers_as_ever(payments: Lane) -> None:
    opened = Project(project(payments, "CL-990000"))

    with opened.store() as store:
        assert Surges(opened, store, [opened.bot(payments.bot)]).most("payments", 2) == 2


def test_while_the_ledger_is_away_there_are_as_many_workers_as_it_said_last(
    payments: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Project(project(payments, "CL-995000", (4, 2)))
    asked: list[str] = []

    def away(_store: Store, bot: str, _system: str, _waiting: int) -> bool:
        asked.append(bot)
        raise LedgerFailed("the server is started anew")

    with opened.store() as store:
        before, new = (Surges(opened, store, [opened.bot(payments.bot)]) for _ in range(2))
        assert before.most("payments", 2) == 1
        monkeypatch.setattr(Store, "is_long", away)

        assert new.most("payments", 2) == 2, "nothing was said yet"
        asked.clear()
        wait_for(lambda: before.most("payments", 2) == 1 and bool(asked))
