"""What the audit trail costs: checking a million entries, and its part of one transaction."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import insert, update

from benchmarks.benefits import Clerks, desk_of
from benchmarks.claims import claims
from benchmarks.contest import Contender, Result, take_turns
from benchmarks.projects import elapsed
from rpa.audit import clock
from rpa.audit.entry import Actor, Author, Event, Fact, encode
from rpa.audit.tree import Tree, leaf_hash
from rpa.store import trail
from rpa.store.schema import audit_entries, audit_head
from rpa.store.store import Store
from rpa.work import Status

MILLION = 1_000_000
BATCH = 20_000
ROUNDS = 3
"""A million entries are checked no oftener: each time takes seconds."""

ROBOT = Actor(kind="bot", id="claims", name="claims")
NOTES = (
    "A log of 1,000,000 entries of moves, 700 bytes each. The ledger is checked in this process, as",
    "rpa audit verify does; the export by its own verify.py, in a process of its own.",
    "The cost of a transaction is that of its audit entries (made, hashed, added to the tree, two statements",
    "each) while claims are entered into the benefits system. No commit is added for them.",
)


def run(browser: Browser, rounds: int) -> Result:
    """Measure it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        spent = [_share(browser, folder / str(number)) for number in range(min(rounds, ROUNDS))]
        export = _million(folder)
        cpu: list[float] = []
        contenders = [
            Contender("verify_million", "rpa audit verify, 1,000,000 entries", _verify(folder / "state", cpu)),
            Contender("export_million", "verify.py on its own, 1,000,000 entries", _alone(export)),
        ]
        times = take_turns(contenders, min(rounds, ROUNDS))
    middle = sorted(spent, key=lambda one: one["audit_share"])[len(spent) // 2]
    return Result(
        key="audit",
        title=f"Audit trail: {middle['audit_ms']:.2f} ms of a transaction, {middle['audit_share']:.2%} of it",
        unit="one log",
        contenders=contenders,
        times=times,
        more={**middle, "verify_cpu_ms": round(median(cpu), 1)},
        notes=NOTES,
    )


def _share(browser: Browser, folder: Path) -> dict[str, float]:
    """Enter claims, and return what the audit entries of one took, and what share of it that was."""
    todo = claims()
    folder.mkdir()
    desk = desk_of(folder, todo)
    desk.take_in()
    ours, *_ = Clerks(browser, desk, todo, folder).contenders()
    with _timed() as appended:
        took = ours.once()
    each = sum(appended) / len(todo)
    return {"audit_ms": round(each, 3), "audit_share": round(each / took, 5)}


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Give the milliseconds of every entry that is appended meanwhile."""
    took: list[float] = []
    real = trail.append

    def timed(*words: Any, **more: Any) -> int:
        started = time.perf_counter()
        try:
            return real(*words, **more)
        finally:
            took.append(elapsed(started))

    rooms = [one for name, one in sys.modules.items() if name.startswith("rpa.store.")]
    users = [one for one in rooms if getattr(one, "append", None) is real]
    for one in users:
        one.append = timed  # type: ignore[attr-defined]
    try:
        yield took
    finally:
        for one in users:
            one.append = real  # type: ignore[attr-defined]


def _million(folder: Path) -> Path:
    """Make a log of a million entries under its checkpoint, and its export."""
    with Store.open(folder / "state", actor=ROBOT) as store:
        _fill(store)
        store.log.checkpoint()
        store.log.export(folder / "export")
    return folder / "export"


def _fill(store: Store) -> None:
    tree = Tree()
    with store._books.writing() as connection:  # noqa: SLF001  # as many by themselves would take an hour
        for begin in range(1, MILLION + 1, BATCH):
            rows = [_row(seq) for seq in range(begin, begin + BATCH)]
            for row in rows:
                tree = tree.add(row["leaf"])
            connection.execute(insert(audit_entries), rows)
        connection.execute(update(audit_head), {"size": tree.size, "peaks": tree.pack()})


def _row(seq: int) -> dict[str, Any]:
    """Return an entry as it is stored; all are one, with other numbers."""
    reference = f"CL-{seq:07}"
    body = _template().replace(b"CL-0000001", reference.encode(), 1).replace(b'"seq":1,', b'"seq":%d,' % seq, 1)
    return {"seq": seq, "body": body, "leaf": leaf_hash(body), "reference": reference}


@cache
def _template() -> bytes:
    author = Author(actor=ROBOT, host="rpa-01", pid=4242, on_behalf_of=ROBOT)
    return encode(_move(), author, seq=1, at=datetime.now(UTC), clock=clock.reading())


def _move() -> Fact:
    return Fact(
        event=Event.TRANSACTION_MOVED,
        bot="claims",
        digest="9f2c" * 16,
        run=1,
        reference="CL-0000001",
        work_item=250_000,
        transaction=250_000,
        entry="benefits",
        system="benefits",
        before=Status.IN_PROGRESS,
        after=Status.SUBMITTING,
        data={"attempt": 1, "fence": 1, "evidence": ["ab" * 32], "kept": {}, "verdicts": {"Amount": "same"}},
    )


def _verify(state: Path, cpu: list[float]) -> Callable[[], float]:
    def once() -> float:
        started, before = time.perf_counter(), time.process_time()
        with Store.examine(state, actor=ROBOT) as store:
            verdict = store.log.verify()
        took = elapsed(started)
        cpu.append((time.process_time() - before) * 1000)
        if (verdict.problems, verdict.covered_until) != ((), MILLION):
            raise RuntimeError(verdict.sentence)
        return took

    return once


def _alone(export: Path) -> Callable[[], float]:
    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, str(export / "verify.py")], check=True, capture_output=True)
        return elapsed(started)

    return once
