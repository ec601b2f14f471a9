"""What was pressed once is not replaced by other content, under which nobody would find what the system holds."""

from pathlib import Path

import pytest
from sqlalchemy import text

from rpa.errors import BusinessException
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Receipt, Run, Status, Transaction
from tests.rpa.store.ledgers import CLERK, begun, both, change, new_item, opened

REFUSED, DIFFERS = Receipt(refusal="Amount is too high."), Receipt(verdicts={"amount": "differs"})


def pressed(store: Store, run: Run, owner: Owner) -> Transaction:
    """Return a transaction that was promised, of a record of which a revision waits."""
    store.add(run, new_item())
    promised = begun(store, owner, Status.SUBMITTING)
    store.add(run, new_item(fingerprint="e" * 64))
    return promised


def take(store: Store) -> None:
    (waiting,) = store.waiting()
    store.take_revision(waiting.id, looks_for={}, reason="it was misread")


@both
def test_what_holds_something_else_after_our_press_is_not_replaced(store: Store, run: Run, owner: Owner) -> None:
    store.move(pressed(store, run, owner), Status.REJECTED, owner, receipt=DIFFERS)

    with pytest.raises(BusinessException, match="was entered, or may have been"):
        take(store)


@both
def test_what_was_in_doubt_is_not_replaced_once_it_is_sent_again(store: Store, run: Run, owner: Owner) -> None:
    doubtful = store.move(pressed(store, run, owner), Status.IN_DOUBT, owner)
    store.decide(doubtful.id, Status.NEW, person=CLERK, reason="it is not there")

    with pytest.raises(BusinessException, match="was entered, or may have been"):
        take(store)


@both
def test_what_the_system_refused_in_words_is_replaced_and_begins_without_them(
    store: Store, run: Run, owner: Owner
) -> None:
    refused = store.move(pressed(store, run, owner), Status.REJECTED, owner, receipt=REFUSED)

    take(store)

    anew = store.transaction(refused.id)
    assert (anew.status, anew.promised, anew.receipt) == (Status.NEW, None, Receipt())


@both
def test_what_was_refused_at_a_second_press_may_hold_the_first(store: Store, run: Run, owner: Owner) -> None:
    doubtful = store.move(pressed(store, run, owner), Status.IN_DOUBT, owner)
    store.decide(doubtful.id, Status.NEW, person=CLERK, reason="it is not there")
    store.move(begun(store, owner, Status.SUBMITTING), Status.REJECTED, owner, receipt=REFUSED)

    with pytest.raises(BusinessException, match="was entered, or may have been"):
        take(store)


@both
def test_what_was_refused_before_an_upgrade_can_be_replaced_after_it(
    folder: Path, store: Store, run: Run, owner: Owner
) -> None:
    refused = store.move(pressed(store, run, owner), Status.REJECTED, owner, receipt=REFUSED)
    for old in (
        "UPDATE transactions SET promised = changed",
        "ALTER TABLE runs DROP COLUMN read_all",
        "UPDATE alembic_version SET version_num = '0022'",
    ):
        change(store, text(old))

    with opened(folder) as newer:
        take(newer)
        assert newer.transaction(refused.id).status is Status.NEW
