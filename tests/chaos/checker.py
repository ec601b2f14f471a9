"""Compares, after a round, the systems' own databases, the ledger and the audit log; it trusts none of them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rpa.project import Project
from rpa.store.store import Store
from rpa.work import ENDED, ENTERED, MOVES, Status, Transaction, WorkItem
from tests.chaos.round import BOT, SIGN_INS, Round
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
            item = items.get(claim.number)
            if item is None:
                found.lost += len(SYSTEMS)
                continue
            for one in store.transactions(item.id):
                mine = [row for row in rows[one.system] if row[REFERENCES[one.system]] == claim.number]
                _check_one(found, one, mine, claim.expected(one.system))
            found.unexplained += _log_differs(store, item)
        if not played.naive:
            found.unexplained += store.verify().problems
    found.unexplained += list(_secrets(played.folder))
    return found


def _check_one(found: Findings, one: Transaction, rows: list[dict[str, str]], expected: Mapping[str, str]) -> None:
    found.transactions += 1
    found.ends[one.status] += 1
    found.duplicates += max(0, len(rows) - 1)
    named = f"{one.entry} {one.status} ({one.reason})"
    if one.status in ENTERED and not rows:
        found.lost += 1
    if one.status not in ENDED and not _waits_for_an_end(one):
        found.lost += 1
    if one.status is Status.FAILED and rows:
        found.unexplained.append(f"{named}: failed, but the system holds it")
    if one.status in ENDED - ENTERED and not one.reason:
        found.unexplained.append(f"{named}: no reason is given")
    for row in rows if one.status in ENTERED else ():
        wrong = [name for name, value in expected.items() if row[name] != value]
        if wrong:
            found.unexplained.append(f"{named}: the system holds other values in {', '.join(wrong)}")


def _waits_for_an_end(one: Transaction) -> bool:
    """Tell whether it is new because what it depends on was not entered: a person has to decide that first."""
    return one.status is Status.NEW and one.system == "payments"


def _log_differs(store: Store, item: WorkItem) -> Iterator[str]:
    """Yield where the log tells another story than the ledger: no legal move, a promise without its one end."""
    trail = list(store.trail(item.reference))
    for one in store.transactions(item.id):
        moves = [entry for entry in trail if entry.get("transaction") == one.id and "to" in entry]
        yield from _story_problems(f"{item.reference} {one.entry}", one.status, moves)


def _story_problems(named: str, status: Status, moves: list[dict[str, Any]]) -> Iterator[str]:
    stands = Status.NEW
    for entry in moves:
        before, after = Status(entry["from"]), Status(entry["to"])
        if before is not stands or after not in MOVES[before]:
            yield f"{named}: the log moves it from {before} to {after} while it is {stands}"
        if before is Status.SUBMITTING and after not in PROMISE_ENDS:
            yield f"{named}: a promise ends as {after}"
        stands = after
    if stands is not status:
        yield f"{named}: the log ends with {stands}, the ledger says {status}"


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
