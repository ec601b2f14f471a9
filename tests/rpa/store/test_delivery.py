"""Work is put on the queue for other machines in the commit that writes it, whoever writes it, and in no other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from rpa.store import intake
from rpa.store.databases.postgresql import PostgresLedger
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import CLERK, MERIDIAN, PAYMENTS, ROBOT, URL, begun, new_item, reserved

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

QUEUE = text("SELECT queue_name, scheduled_at FROM procrastinate_jobs ORDER BY id")


@pytest.fixture
def delivered(store: Store, folder: Path) -> Iterator[Store]:
    """Return the same ledger, opened by a machine whose work is delivered."""
    del store
    database = PostgresLedger((folder / URL).read_text("utf-8"), folder, delivers=True)
    with Store.open(folder, actor=ROBOT, database=database) as opened:
        yield opened


def told(store: Store) -> list[Any]:
    """Return what is on the queue, and forget it: which system, and from when on where that is later."""
    with store._books.engine.begin() as connection:
        found = connection.execute(QUEUE).all()
        connection.execute(text("DELETE FROM procrastinate_jobs"))
    return [system if at is None else (system, at) for system, at in found]


def test_each_transaction_is_told_of_once_it_can_be_taken(delivered: Store, run: Run, owner: Owner) -> None:
    delivered.add(run, new_item(entries=(MERIDIAN, PAYMENTS)))
    assert told(delivered) == ["meridian", "payments"]

    entered = begun(delivered, owner, Status.SUBMITTING)
    assert told(delivered) == [], "a worker has it"
    delivered.move(entered, Status.CONFIRMED, owner)
    assert told(delivered) == ["payments"], "which needed the first one's receipt"


def test_what_waits_is_told_of_for_when_its_time_has_come(delivered: Store, run: Run, owner: Owner) -> None:
    delivered.add(run, new_item())
    later = datetime.now(UTC) + timedelta(hours=1)
    told(delivered)

    delivered.move(begun(delivered, owner), Status.NEW, owner, not_before=later)

    assert told(delivered) == [("meridian", later)]


def test_what_is_given_back_or_sent_again_is_told_of(delivered: Store, run: Run, owner: Owner) -> None:
    delivered.add(run, new_item())
    told(delivered)
    delivered.release(reserved(delivered, owner).transaction, owner)
    assert told(delivered) == ["meridian"]

    failed = begun(delivered, owner, Status.FAILED)
    assert told(delivered) == []
    delivered.decide(failed.id, Status.NEW, person=CLERK, reason="it answers again")
    assert told(delivered) == ["meridian"]


def test_nothing_is_told_of_what_is_for_a_person_or_was_never_written(
    delivered: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered.add(run, new_item(rejected="above the limit"))

    def full(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(intake, "append", full)
    with pytest.raises(OSError):  # noqa: PT011  # it has no words
        delivered.add(run, new_item("CL-2"))

    assert told(delivered) == []
