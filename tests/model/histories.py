"""Histories: workers die and stand still, the system misbehaves, clerks and people act, and time passes."""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock

from hypothesis import strategies as st
from hypothesis.errors import StopTest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rpa import clock as product_clock
from rpa import uptime
from rpa.actions import expect
from rpa.audit.entry import Actor, Event
from rpa.records import FieldValue, Record
from rpa.store.databases.sqlite import LEDGER
from rpa.store.intake import NewEntry, NewItem
from rpa.store.store import Store
from rpa.work import ENDED, ENTERED, MOVES, PERSON_ONLY, Receipt, Run, Status, Transaction
from tests.model.browser import ENTRY, Weather
from tests.model.county import Answer, Clock, County, Row
from tests.model.workers import DiedError, Interruption, Life, Workshop

SHM = Path("/dev/shm")  # noqa: S108  # a folder in memory: the commits of thousands of histories need no disk
NAME = "Rosalind Quux"
AMOUNT = "1250.00"
CLERK = Actor(kind="person", id="clerk", name="clerk")
NUMBERS = ("CL-1", "CL-2")
MOMENTS = 34
"""About as many moments as one worker has for one record."""

ROUNDS = 200
"""A history that has not come to its end after so many further workers never will."""

answers = st.lists(st.sampled_from(Answer), max_size=2)
looks = st.frozensets(st.integers(1, 3), max_size=2)
numbers = st.sampled_from(NUMBERS)
seconds = st.sampled_from([0.5, 2.0, 6.0, 90.0])
kinds = st.sampled_from(["dies", "sleeps", "worker", "clerk", "person", "document"])
plans = st.dictionaries(st.integers(1, MOMENTS), st.tuples(kinds, seconds, numbers), max_size=2)
Plan = Mapping[int, tuple[str, float, str]]


@dataclass(frozen=True)
class Shelf:
    """One open ledger for all histories, put back for each to where all of them begin.

    There a run has begun and both records have arrived. To migrate, to compile the queries and to come so far
    takes longer than most of what follows.
    """

    folder: Path
    store: Store
    run: Run
    beginning: sqlite3.Connection

    @classmethod
    @contextmanager
    def stand(cls) -> Iterator["Shelf"]:
        """Have a ledger, in memory where the machine has a folder there."""
        bot = Actor(kind="bot", id="claims", name="claims")
        with (
            tempfile.TemporaryDirectory(dir=SHM if SHM.is_dir() else None) as folder,
            closing(Store.open(Path(folder), actor=bot)) as store,
            closing(sqlite3.connect(Path(folder) / LEDGER)) as ledger,
            closing(sqlite3.connect(":memory:")) as beginning,
        ):
            with going_by(Clock()):
                run = store.start_run("claims", "0" * 64, "model")
                for number in NUMBERS:
                    arrives(store, run, number)
            ledger.backup(beginning)
            yield cls(Path(folder), store, run, beginning)

    def begin(self) -> None:
        """Put the ledger back to where every history begins."""
        with closing(sqlite3.connect(self.folder / LEDGER)) as ledger:
            self.beginning.backup(ledger)


@contextmanager
def going_by(clock: Clock) -> Iterator[None]:
    """Let the product go by *clock*."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(uptime, "_running", clock.running))
        stack.enter_context(mock.patch.object(product_clock, "now", clock.now))
        yield


def arrives(store: Store, run: Run, number: str) -> None:
    """Let a record come in; one that is there already is told to be known."""
    texts = {"number": number, "amount": AMOUNT, "name": NAME}
    record = Record({name: _field(text, personal=name == "name") for name, text in texts.items()})
    item = NewItem(
        reference=number,
        record=record.to_json(),
        fingerprint=record.fingerprint,
        entries=(NewEntry("county", "county", looks_for=number),),
        sources={},
        place="row 2",
        document="d" * 64,
    )
    store.add(run, item)


class Histories(RuleBasedStateMachine):
    """Every history keeps the promise: see the invariants, and `teardown` for how each must end."""

    shelf: Shelf

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.clock = Clock()
        self.county = County(self.clock)
        self.presses: dict[str, int] = {}
        self.stack.enter_context(going_by(self.clock))
        self.stack.enter_context(mock.patch.object(expect, "PATIENCE", 0.0))
        self.folder, self.store = self.shelf.folder, self.shelf.store
        self.shelf.begin()
        self.looking = self.stack.enter_context(closing(sqlite3.connect(self.folder / LEDGER)))
        self.workshop = Workshop(self.folder, self.store, self.county, self._pressing)

    @initialize(if_absent=st.sampled_from(["ask", "enter_again"]))
    def the_bot_says(self, if_absent: str) -> None:
        """Let the bot say what to do about an entry that the system does not hold."""
        self.trusting = if_absent == "enter_again"
        self.workshop.entry = ENTRY.model_copy(update={"if_absent": if_absent})

    # What happens.

    @rule(seconds=seconds, answers=answers, looks=looks, plan=plans)
    def a_worker_works(self, seconds: float, answers: list[Answer], looks: frozenset[int], plan: Plan) -> None:
        """Wait, and let a worker take what is due, in this weather; at planned moments something befalls it."""
        self.clock.passes(seconds)
        if self.trusting:  # such a bot claims that the system never needs longer than `settle`
            answers = [one for one in answers if one is not Answer.HELD]
        interruptions = {at: partial(self._befalls, *what) for at, what in plan.items()}
        self._works(Weather(answers, looks), interruptions)

    @precondition(lambda self: any(not self.county.all(number) for number in NUMBERS))
    @rule(number=numbers, same=st.booleans())
    def a_clerk_enters(self, number: str, same: bool) -> None:  # noqa: FBT001  # drawn by hypothesis, by name
        """Somebody else enters the record by hand, unless it is there."""
        if not self.county.all(number):
            self.county.save(number, AMOUNT if same else "9.99", "clerk", Answer.SAVED)

    @precondition(lambda self: any(status in PERSON_ONLY for _, status in self._statuses()))
    @rule(number=numbers, wish=st.sampled_from([Status.NEW, Status.CONFIRMED, Status.ABANDONED]))
    def a_person_decides(self, number: str, wish: Status) -> None:
        """Decide as a person who has looked does, the way the guide says."""
        one = self._transaction(number)
        shown = self.county.search(number)
        if one.status not in PERSON_ONLY or wish not in MOVES[one.status] or not self.county.at_rest(number):
            return
        if wish is not Status.CONFIRMED or any(_right(row) for row in shown):
            receipt = Receipt(kept={"receipt": number}) if wish is Status.CONFIRMED else None
            self.store.decide(one.id, wish, person=CLERK, reason="looked", receipt=receipt)

    def _works(self, weather: Weather, plan: Mapping[int, Interruption]) -> bool:
        return self.workshop.work(weather, plan)

    def _befalls(self, kind: str, seconds: float, number: str, _life: Life) -> None:
        """Let a worker die, or stand still for a time in which somebody else does something."""
        if kind == "dies":
            raise DiedError
        self.clock.passes(seconds)
        if kind == "worker":
            self._works(Weather(), {})
        elif kind == "clerk":
            self.a_clerk_enters(number=number, same=True)
        elif kind == "person":
            self.a_person_decides(number=number, wish=Status.NEW)
        elif kind == "document":
            arrives(self.store, self.shelf.run, number)

    # What must hold.

    def _pressing(self, transaction: Transaction) -> None:
        """At each press that counts: the promise is on disk, is this worker's, and was not pressed before."""
        number = NUMBERS[transaction.work_item_id - 1]
        self.presses[number] = self.presses.get(number, 0) + 1
        told = "SELECT count(*) FROM audit_entries WHERE reference = ? AND instr(body, ?)"
        (promises,) = self.looking.execute(told, (number, b'"to":"submitting"')).fetchone()
        assert self.store.transaction(transaction.id).owner == transaction.owner, "pressed by one who owns nothing"
        assert self.presses[number] <= promises, "pressed without a promise of its own"

    @invariant()
    def nothing_is_entered_twice_by_us(self) -> None:
        """Of each record at most one entry is ours, counting what the system is still saving."""
        for number in NUMBERS:
            assert len(self.county.all(number, "us")) <= 1, f"{number} was entered twice"

    @invariant()
    def what_is_entered_is_there(self) -> None:
        """Hold confirmed to mean an entry with the right values."""
        for number, status in self._statuses():
            if status in ENTERED:
                assert any(_right(row) for row in self.county.search(number)), f"{number} is {status}, not there"

    def teardown(self) -> None:
        """Let everything come to its end in calm weather; nothing is lost, and the log tells all of it."""
        try:
            if isinstance(sys.exception(), StopTest):
                return  # given up while it was drawn: whatever came of it, hypothesis would not hear of it
            self._come_to_an_end()
            for number, one in self._by_number().items():
                assert one.status in ENDED, f"{number} stays {one.status}"
                self._nothing_is_lost(number, one)
                self._every_promise_has_one_end(number)
            self.nothing_is_entered_twice_by_us()
            self.what_is_entered_is_there()
            assert not self.store.log.verify().problems
            assert not any(NAME in str(entry) for entry in self.store.log.read()), "a personal value is in the log"
        finally:
            self.stack.close()

    def _come_to_an_end(self) -> None:
        for _ in range(ROUNDS):
            for system in self.store.systems():
                if system.paused is not None:
                    self.store.resume_system(system.system, "looked")
            due = self.store.next_due(["county"], "claims")
            if due is None:
                return
            self.clock.at = max(self.clock.at, due)
            self._works(Weather(), {})
        raise AssertionError("workers go on for ever")

    def _nothing_is_lost(self, number: str, one: Transaction) -> None:
        """Hold that what we have entered is not told to have failed, and that any end but entered says why."""
        assert not (one.status is Status.FAILED and self.county.all(number, "us")), (
            f"{number} is there, and failed"
        )
        assert one.status in ENTERED or one.reason, f"{number} is {one.status} and nobody says why"

    def _every_promise_has_one_end(self, number: str) -> None:
        promised = False
        for move in self.store.log.read(number):
            to = move.get("to")
            again = promised and to in {Status.SUBMITTING, Status.NEW}
            assert not again or move["event"] == Event.TRANSACTION_ENTER_AGAIN, f"{number} was promised again"
            promised = to == Status.SUBMITTING or (promised and to not in {Status.NEW, *ENDED})
        assert not promised, f"{number} was promised and came to no end"

    def _transaction(self, number: str) -> Transaction:
        return self.store.transaction(NUMBERS.index(number) + 1)

    def _by_number(self) -> dict[str, Transaction]:
        return {number: self._transaction(number) for number in NUMBERS}

    def _statuses(self) -> list[tuple[str, Status]]:
        stand = self.looking.execute("SELECT status FROM transactions ORDER BY id").fetchall()
        return [(number, Status(status)) for number, (status,) in zip(NUMBERS, stand, strict=True)]


def _field(text: str, *, personal: bool) -> FieldValue:
    return FieldValue(type="text", value=text, raw=text, source=None, personal=personal)


def _right(row: Row) -> bool:
    return row.amount == AMOUNT
