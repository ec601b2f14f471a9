"""Whom the ledger knows already: by their number, or by name and date of birth, and by no value that lies open."""

from typing import Any

import pytest
from sqlalchemy import select

from rpa.store.schema import work_items
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import BOT, CLERK, new_item

BORN = "1961-04-03"


def record(name: str, born: str = BORN, **others: str) -> dict[str, Any]:
    texts = {"claimant": name, "born": born, **others}
    fields = {one: {"text": text} for one, text in texts.items()}
    return {"fields": fields, "documents": {}, "person": {"name": ["claimant"], "born": "born"}}


def add(store: Store, run: Run, reference: str, subject: str, content: dict[str, Any]) -> int:
    item = new_item(reference, subject=subject, record=content, fingerprint=reference)
    return store.add(run, item).work_item.id


def found(store: Store, subject: str, content: dict[str, Any], **but: int) -> list[tuple[str, bool]]:
    return [(one.reference, one.perhaps) for one in store.known(subject, content, **but)]


def test_a_number_is_known_however_it_is_spelled_and_what_differs_is_named_without_a_value(
    store: Store, run: Run
) -> None:
    first = add(store, run, "CL-1", "536-90-4399", record("Maria Lopez", amount="5.00"))
    (known,) = store.known("536904399", record("Maria Lopez", amount="7.00"))

    assert (known.work_item_id, known.perhaps, sorted(known.differs)) == (first, False, ["amount"])
    assert [(entry, status) for entry, status, _ in known.entries] == [("meridian", Status.NEW)]
    assert store.known("536904399", record("Maria Lopez"), but=first) == []


@pytest.mark.parametrize(
    ("name", "born", "perhaps"),
    [
        ("LOPEZ, MARÍA", BORN, True),
        ("Maria Lopez Garcia", BORN, True),
        ("Mario Lopes", BORN, True),
        ("Eva Diaz", BORN, False),
        ("Maria Lopez", "1961-04-30", False),
        ("Maria Lopez", "", False),
    ],
)
def test_somebody_else_s_number_may_be_theirs_if_day_of_birth_and_name_fit(
    store: Store, run: Run, name: str, born: str, *, perhaps: bool
) -> None:
    add(store, run, "CL-1", "A-1", record("Maria Lopez"))

    assert found(store, "A-2", record(name, born)) == ([("CL-1", True)] if perhaps else [])


def test_whose_day_of_birth_was_misread_is_known_by_the_right_one_once_that_is_taken(
    store: Store, run: Run
) -> None:
    add(store, run, "CL-1", "A-1", record("Maria Lopez", "1916-04-03"))
    right = new_item("CL-1", subject="A-1", record=record("Maria Lopez"), fingerprint="e" * 64)
    store.add(run, right)
    store.take_revision("revision-2", looks_for={}, reason="two digits were read the wrong way round")

    assert found(store, "A-2", record("Maria Lopez")) == [("CL-1", True)]
    assert found(store, "A-2", record("Maria Lopez", "1916-04-03")) == []


def test_no_day_of_birth_lies_open_in_the_ledger_and_nobody_erased_is_recognised(store: Store, run: Run) -> None:
    number = add(store, run, "CL-1", "A-1", record("Maria Lopez"))
    with store._books.reading() as connection:
        born = connection.execute(select(work_items.c.born)).scalar_one()
    assert len(born) == 64
    (one,) = store.transactions(number)
    store.decide(one.id, Status.ABANDONED, person=CLERK, reason="Withdrawn")
    store.personal.erase(store.personal.holding("A-1", BOT), "a test", ())

    assert found(store, "A-1", record("Maria Lopez")) == []
    with store._books.reading() as connection:
        assert connection.execute(select(work_items.c.born)).scalar_one() is None
