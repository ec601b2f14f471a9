"""Who brought a form is told where it stands, by both what the receipt says and what they alone know."""

from rpa.people import Role
from rpa.store.owner import Owner
from rpa.store.receipts import State
from rpa.store.store import Store
from rpa.work import Run, Status
from tests.rpa.store.ledgers import BOT, DOCUMENT, begun, both, events, new_item


@both
def test_a_form_is_told_of_to_whom_has_its_number_and_the_fact_alone(store: Store, run: Run, owner: Owner) -> None:
    number = store.receipts.give(BOT, DOCUMENT, "1961-04-03")
    assert store.receipts.give(BOT, DOCUMENT, "1961-04-03") == number
    assert events(store).count("document.received") == 1
    assert store.receipts.state(number, "1961-04-04") is None
    assert store.receipts.state(number[::-1], "1961-04-03") is None

    told = [store.receipts.state(number, "1961-04-03")]
    store.remember_document(run, DOCUMENT, "scan.pdf", "read", None)
    store.add(run, new_item())
    told.append(store.receipts.state(number, "1961-04-03"))
    begun(store, owner, Status.CONFIRMED)
    told.append(store.receipts.state(number, "1961-04-03"))
    assert told == [State.RECEIVED, State.IN_WORK, State.DONE]

    copy = "c" * 64  # the same claim in another file, by somebody who is not its owner
    number = store.receipts.give(BOT, copy, "1990-01-01")
    store.remember_document(run, copy, "copy.pdf", "read", None)
    assert store.add(run, new_item(document=copy)).outcome == "known"
    assert store.receipts.state(number, "1990-01-01") is State.IN_WORK


@both
def test_who_a_provider_names_is_one_account_whatever_they_are_called_now(store: Store) -> None:
    clerk = store.accounts.known("https://id.example", "7", "Olive", {Role.OPERATOR})
    married = store.accounts.known("https://id.example", "7", "Olive Reyes", {Role.OPERATOR})
    other = store.accounts.known("https://elsewhere.example", "7", "Olive Reyes", {Role.ADMIN})

    assert clerk is not None
    assert married is not None
    assert other is not None
    assert (married.id, married.name) == (clerk.id, "Olive Reyes")
    assert other.id != clerk.id
    assert store.accounts.known("https://id.example", "8", "Nobody", frozenset()) is None
