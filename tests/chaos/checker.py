"""Compares, after a round, the systems' own databases, the ledger and the audit log; it trusts none of them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rpa.audit.entry import Event
from rpa.project import Project
from rpa.store.store import Store
from rpa.work import ENDED, ENTERED, MOVES, Status, Transaction, WorkItem
from tests.chaos.claims import Claim
from tests.chaos.round import BOT, SAID, SIGN_INS, Round
from tests.chaos.weather import SYSTEMS

REFERENCES = {"benefits": "claim_no", "payments": "claim_number"}
PROMISE_ENDS = {Status.CONFIRMED, Status.REJECTED, Status.IN_DOUBT, Status.NEW}


@dataclass
class Findings:
    """What the checker found. *unexplained* are sentences that name the record and what does not fit."""

    transactions: int = 0
    duplicates: int = 0
    lost: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


def check(played: Round) -> Findings:
    """Check a round that was played."""
    found = Findings()
    rows = {name: played.systems[name].entries() for name in SYSTEMS}
    if played.hung:
        found.unexplained.append(f"{played.hung} runs never ended")
    with Project(played.project).store() as store:
        items = {item.reference: item for item in store.work_items(BOT)}
        for claim in played.claims:
            mine = {name: _of(claim, name, rows[name]) for name in SYSTEMS}
            found.duplicates += sum(max(0, len(some) - 1) for some in mine.values())
            item = items.get(claim.number)
            if item is None:
                found.lost += len(SYSTEMS)
                continue
            transactions = store.transactions(item.id)
            for one in transactions:
                _check_one(
                    found, one, mine[one.system], claim.expected(one.system), waits=_waits(one, transactions)
                )
            found.unexplained += _log_differs(store, item)
        found.unexplained += _told(played, store)
        if not played.naive:
            found.unexplained += store.log.verify().problems
    found.unexplained += list(_secrets(played.folder))
    return found


def _of(claim: Claim, system: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row[REFERENCES[system]] == claim.number]


def _check_one(
    found: Findings,
    one: Transaction,
    rows: list[dict[str, str]],
    expected: Mapping[str, str],
    *,
    waits: bool,
) -> None:
    found.transactions += 1
    found.ends[one.status] += 1
    named = f"{one.entry} {one.status} ({one.reason})"
    if one.status in ENTERED and not rows:
        found.lost += 1
    if one.status not in ENDED and not waits:
        found.lost += 1
    if one.status in {Status.NEW, Status.IN_PROGRESS, Status.FAILED} and rows:
        found.unexplained.append(f"{named}: never promised, but the system holds it")
    if one.status in ENDED - ENTERED and not one.reason:
        found.unexplained.append(f"{named}: no reason is given")
    for row in rows if one.status in ENTERED else ():
        wrong = [name for name, value in expected.items() if row[name] != value]
        if wrong:
            found.unexplained.append(f"{named}: the system holds other values in {', '.join(wrong)}")


def _waits(one: Transaction, all_of_it: Sequence[Transaction]) -> bool:
    """Tell whether it is new because the benefits entry, whose receipt it needs, was not made: a person's turn."""
    needed = next(other.status for other in all_of_it if other.entry == "benefits")
    return one.status is Status.NEW and one.entry == "payments" and needed in ENDED - ENTERED


def _log_differs(store: Store, item: WorkItem) -> Iterator[str]:
    """Yield where the log tells another story than the ledger: no legal move, a promise without its one end."""
    trail = list(store.log.read(item.reference))
    for one in store.transactions(item.id):
        moves = [entry for entry in trail if entry.get("transaction") == one.id and "to" in entry]
        yield from _story_problems(f"{item.reference} {one.entry}", one.status, moves)


def _story_problems(named: str, status: Status, moves: list[dict[str, Any]]) -> Iterator[str]:
    stands = Status.NEW
    again = sum(entry["event"] == Event.TRANSACTION_ENTER_AGAIN for entry in moves)
    if again > 1:
        yield f"{named}: entered again {again} times by itself"
    for entry in moves:
        before, after = Status(entry["from"]), Status(entry["to"])
        if before is not stands or after not in MOVES[before]:
            yield f"{named}: the log moves it from {before} to {after} while it is {stands}"
        back = after is Status.NEW and entry["event"] != Event.TRANSACTION_ENTER_AGAIN
        if before is Status.SUBMITTING and (after not in PROMISE_ENDS or back):
            yield f"{named}: a promise ends as {after}"
        stands = after
    if stands is not status:
        yield f"{named}: the log ends with {stands}, the ledger says {status}"


def _told(played: Round, store: Store) -> Iterator[str]:
    """Yield the claims of which the log, or what a run said, holds a personal value."""
    said = "".join(str(entry) for entry in store.log.read())
    output = played.folder / SAID
    said += output.read_text("utf-8", errors="replace") if output.exists() else ""
    for claim in played.claims:
        if claim.ssn in said or claim.name in said:
            yield f"{claim.number}: the log or a run's words hold a personal value"


def _secrets(folder: Path) -> Iterator[str]:
    """Yield the files that hold a password."""
    secrets = [password.encode() for _, password in SIGN_INS.values()]
    for path in _files(folder):
        content = path.read_bytes()
        if any(secret in content for secret in secrets):
            yield f"{path.name} holds a password"


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def as_line(totals: Mapping[str, int]) -> str:
    """Return the last line of the output."""
    return json.dumps(totals)
