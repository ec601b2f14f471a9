"""What was promised is entered again by itself once at most, whoever asks and whatever died in between."""

import pytest

from rpa import uptime
from rpa.errors import OwnershipLost
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import CLERK, begun, both, new_item

REASON = "the system says that there is no such entry"


@both
def test_the_one_further_try_is_counted_in_the_ledger_and_there_is_no_second(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item())
    again = store.enter_again(begun(store, owner, Status.SUBMITTING), owner, REASON)
    assert (again.status, again.promised, again.entered_again) == (Status.NEW, None, 1)

    promised = begun(store, owner, Status.SUBMITTING)
    with pytest.raises(OwnershipLost):
        store.enter_again(promised, owner, REASON)

    assert store.transaction(promised.id) == promised
    told = [entry["event"] for entry in store.log.read() if "enter_again" in entry["event"]]
    assert told == ["transaction.enter_again"]


@both
def test_a_person_who_sends_it_again_does_not_allow_another_by_itself(
    store: Store, run: Run, owner: Owner
) -> None:
    store.add(run, new_item())
    store.enter_again(begun(store, owner, Status.SUBMITTING), owner, REASON)
    doubtful = begun(store, owner, Status.IN_DOUBT)
    store.decide(doubtful.id, Status.NEW, person=CLERK, reason="not there")

    with pytest.raises(OwnershipLost):
        store.enter_again(begun(store, owner, Status.SUBMITTING), owner, REASON)


@both
def test_what_a_failing_worker_gives_back_has_its_whole_time_to_settle(
    store: Store, run: Run, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(run, new_item())
    promised = begun(store, owner, Status.SUBMITTING)
    monkeypatch.setattr(uptime, "mark", lambda: "this-boot 99")  # it stood still, pressed, and could not note it

    store.release(promised, owner)

    assert store.transaction(promised.id).uptime == "this-boot 99"


@both
def test_no_move_leads_back_from_the_promise(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())
    promised = begun(store, owner, Status.SUBMITTING)

    with pytest.raises(ValueError, match="no worker moves a transaction from submitting to new"):
        store.move(promised, Status.NEW, owner)


@both
def test_what_was_never_promised_is_not_entered_again(store: Store, run: Run, owner: Owner) -> None:
    store.add(run, new_item())

    with pytest.raises(ValueError, match="nothing has been pressed"):
        store.enter_again(begun(store, owner), owner, REASON)
