"""The checker of the chaos rounds finds what is doubled, lost or unexplained, whoever tells otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from fixtures.systems.common import RunningSystem
from rpa.audit.entry import Actor
from rpa.store.intake import NewEntry, NewItem
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Status
from tests.chaos.checker import Findings, check
from tests.chaos.claims import Claim
from tests.chaos.round import BOT, SAID, Round

CLAIM = Claim.of(0, 0)
CONFIRMED = (Status.IN_PROGRESS, Status.SUBMITTING, Status.CONFIRMED)
FAILED = (Status.IN_PROGRESS, Status.FAILED)
DOUBTFUL = (Status.IN_PROGRESS, Status.SUBMITTING, Status.IN_DOUBT)
BENEFITS = {"claim_no": CLAIM.number, **CLAIM.expected("benefits")}
PAYMENTS = {"claim_number": CLAIM.number, **CLAIM.expected("payments")}


class Book:
    """Stands for a system: what its database holds."""

    def __init__(self, *rows: dict[str, str]) -> None:
        self._rows = list(rows)

    def entries(self) -> list[dict[str, str]]:
        """Return the rows."""
        return self._rows


class Played:
    """A round that was played, told move by move."""

    def __init__(self, folder: Path) -> None:
        self.round = Round("7/0", folder, [CLAIM], naive=False)
        (self.round.project / "bots").mkdir(parents=True)
        self.state = self.round.project / ".rpa"

    @contextmanager
    def ledger(self) -> Iterator[Store]:
        """Open the ledger."""
        with Store.open(self.state, actor=Actor(kind="bot", id=BOT, name=BOT)) as store:
            yield store

    def takes_in(self) -> None:
        """Put the claim on the ledger, for both systems."""
        entries = (NewEntry("benefits", "benefits"), NewEntry("payments", "payments", ("benefits",)))
        with self.ledger() as store:
            run = store.start_run(BOT, "0" * 64, "test")
            record: dict[str, Any] = {"fields": {}, "documents": {}}
            item = NewItem(
                reference=CLAIM.number,
                record=record,
                fingerprint="f" * 64,
                entries=entries,
                sources={},
                place="row 2",
                document="d" * 64,
            )
            store.add(run, item)

    def moves(self, system: str, *way: Status, reason: str | None = None) -> None:
        """Move the claim's transaction in the system along the way; *reason* is that of the end."""
        with self.ledger() as store, Owner.hold(self.state) as owner:
            reserved = store.reserve(owner, [system])
            assert reserved is not None
            one = reserved.transaction
            for status in way:
                one = store.move(one, status, owner, reason=reason if status is way[-1] else None)

    def found(self, benefits: Book, payments: Book) -> Findings:
        """Check the round against what the systems hold."""
        books = {"benefits": benefits, "payments": payments}
        self.round.systems = {name: cast("RunningSystem", book) for name, book in books.items()}
        return check(self.round)


@pytest.fixture
def played(tmp_path: Path) -> Played:
    return Played(tmp_path)


def confirmed(played: Played) -> None:
    """Let both transactions be confirmed."""
    played.takes_in()
    played.moves("benefits", *CONFIRMED)
    played.moves("payments", *CONFIRMED)


def counts(found: Findings) -> tuple[int, int, int]:
    return found.duplicates, found.lost, len(found.unexplained)


def test_what_is_confirmed_and_there_once_is_no_finding(played: Played) -> None:
    confirmed(played)

    found = played.found(Book(BENEFITS), Book(PAYMENTS))

    assert (counts(found), found.transactions) == ((0, 0, 0), 2)


def test_two_rows_of_a_claim_are_a_duplicate(played: Played) -> None:
    confirmed(played)

    assert played.found(Book(BENEFITS, BENEFITS), Book(PAYMENTS)).duplicates == 1


def test_two_rows_of_a_claim_that_the_ledger_does_not_know_are_a_duplicate_too(played: Played) -> None:
    found = played.found(Book(BENEFITS, BENEFITS), Book())

    assert (found.duplicates, found.lost) == (1, 2)


def test_confirmed_without_a_row_is_lost(played: Played) -> None:
    confirmed(played)

    assert played.found(Book(BENEFITS), Book()).lost == 1


def test_a_payment_that_nobody_makes_after_its_claim_was_entered_is_lost(played: Played) -> None:
    played.takes_in()
    played.moves("benefits", *CONFIRMED)

    assert played.found(Book(BENEFITS), Book()).lost == 1


def test_a_payment_waits_for_a_claim_that_is_in_doubt(played: Played) -> None:
    played.takes_in()
    played.moves("benefits", *DOUBTFUL, reason="not shown")

    assert counts(played.found(Book(), Book())) == (0, 0, 0)


@pytest.mark.parametrize(
    ("way", "reason", "told"),
    [
        (FAILED, "did not come", "never promised, but the system holds it"),
        (DOUBTFUL, None, "no reason is given"),
    ],
)
def test_an_end_that_does_not_fit_is_unexplained(
    played: Played, way: tuple[Status, ...], reason: str | None, told: str
) -> None:
    played.takes_in()
    played.moves("benefits", *way, reason=reason)

    found = played.found(Book(BENEFITS), Book())

    assert [told in sentence for sentence in found.unexplained] == [True]


def test_other_values_than_the_claims_are_unexplained(played: Played) -> None:
    confirmed(played)

    found = played.found(Book({**BENEFITS, "amount": "1.00"}), Book(PAYMENTS))

    assert [sentence.endswith("other values in amount") for sentence in found.unexplained] == [True]


def says_the_ssn(played: Played) -> None:
    (played.round.folder / SAID).write_text(f"could not enter {CLAIM.ssn}", encoding="utf-8")


def says_the_password(played: Played) -> None:
    (played.round.project / "evidence.txt").write_text("benefits-pass", encoding="utf-8")


def forges_the_ledger(played: Played) -> None:
    with played.ledger() as store, store._books.writing() as connection:
        connection.exec_driver_sql("UPDATE transactions SET status = 'already_entered' WHERE entry = 'benefits'")


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (says_the_ssn, "personal value"),
        (says_the_password, "password"),
        (forges_the_ledger, "the log ends with confirmed, the ledger says already_entered"),
    ],
)
def test_what_is_told_where_it_must_not_be_or_otherwise_is_unexplained(
    played: Played, does: Callable[[Played], None], told: str
) -> None:
    confirmed(played)
    does(played)

    found = played.found(Book(BENEFITS), Book(PAYMENTS))

    assert [told in sentence for sentence in found.unexplained] == [True]
