"""Occurrences that wait for their run: taken by one process each, and never lost with it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from rpa.audit.entry import Event
from rpa.occurrence import OPEN, Occurrence, State
from rpa.store.connect import Books
from rpa.store.firing import PAUSED, about, is_paused, key, occurrence_of, of, write
from rpa.store.owner import Owner
from rpa.store.ready import READY, moments
from rpa.store.rows import now
from rpa.store.schema import occurrences
from rpa.store.trail import append

DEATHS = 3
"""How often its process or one of its workers may die before an occurrence is given up."""


def add(books: Books, one: Occurrence) -> bool:
    """Write down an occurrence that no clock decides; tell whether it is new."""
    with books.writing() as connection:
        return _add(books, connection, one)


def _add(books: Books, connection: Connection, one: Occurrence) -> bool:
    if connection.execute(select(of.name).where(*key(one))).first() is not None:
        return False
    write(books, connection, one)
    return True


def add_where_much_waits(books: Books, one: Occurrence, most: int, closed: Collection[str]) -> bool:
    """Write it down where so many transactions wait and no start of its bot is open; tell whether it was."""
    asked = {"bot": one.bot, **moments(now()), "gone": [], "closed": list(closed)}
    with books.writing() as connection:
        is_open = select(of.name).where(of.bot == one.bot, of.state.in_(OPEN))
        if connection.execute(is_open).first() is not None:
            return False
        if connection.execute(READY, {**asked, "most": most}).scalar_one() < most:
            return False
        return _add(books, connection, one)


def startable(books: Books) -> list[Occurrence]:
    """Return what may be started now, the oldest first: one for each bot that has none running.

    What a dead process had running waits again, or has failed where it was the third.
    """
    with books.writing() as connection:
        running = connection.execute(select(occurrences).where(of.state == State.RUNNING)).all()
        gone = books.locks.gone(connection, [row.owner for row in running])
        for one in map(occurrence_of, running):
            if one.owner in gone:
                _came_back(books, connection, one, f"{one.deaths + 1} of its processes died")
        rows = connection.execute(select(occurrences).where(of.state.in_(OPEN)).order_by(of.due, of.nominal)).all()
    return _first_of_each_bot(rows)


def _first_of_each_bot(rows: Sequence[Row[Any]]) -> list[Occurrence]:
    busy = {row.bot for row in rows if row.state == State.RUNNING}
    found: dict[str, Occurrence] = {}
    for row in rows:
        if row.state == State.WAITING and row.bot not in busy:
            found.setdefault(row.bot, occurrence_of(row))
    return list(found.values())


def _came_back(books: Books, connection: Connection, one: Occurrence, reason: str) -> None:
    state = State.REPLACED if one.told_to_stop else State.FAILED if one.deaths + 1 >= DEATHS else State.WAITING
    reason = one.reason or "" if one.told_to_stop else reason
    values = {"state": state, "owner": None, "deaths": one.deaths + 1, "reason": reason, "changed": now()}
    connection.execute(update(occurrences).where(*key(one)).values(values))
    if state is State.FAILED:
        append(connection, books.author, about(one, Event.START_FAILED, reason), now())


def died(books: Books, one: Occurrence, reason: str, run_id: int) -> None:
    """Give back an occurrence of which a worker died, to be started again; the third time it has failed."""
    with books.writing() as connection:
        held = (*key(one), of.owner == one.owner, of.state == State.RUNNING)
        values = {"reason": reason, "run_id": run_id}
        row = connection.execute(update(occurrences).where(*held).values(values).returning(*occurrences.c)).first()
        if row is not None:
            _came_back(books, connection, occurrence_of(row), reason)


def take(books: Books, name: str, nominal: str, owner: Owner) -> Occurrence | None:
    """Let *owner* run the occurrence; None where it doesn't wait any more, or the bot runs already."""
    with books.writing() as connection:
        owner.require()
        waits = of.name == name, of.nominal == nominal, of.state == State.WAITING
        row = connection.execute(select(occurrences).where(*waits)).first()
        if row is None or _is_running(connection, row.bot):
            return None
        values = {"state": State.RUNNING, "owner": owner.id, "changed": now()}
        taken = update(occurrences).where(*waits).values(values).returning(*occurrences.c)
        return occurrence_of(connection.execute(taken).one())


def _is_running(connection: Connection, bot: str) -> bool:
    running = select(of.name).where(of.bot == bot, of.state == State.RUNNING)
    return connection.execute(running).first() is not None


def end(
    books: Books,
    one: Occurrence,
    state: State,
    *,
    reason: str | None = None,
    run_id: int | None = None,
    followers: Sequence[Occurrence] = (),
) -> None:
    """End the occurrence that its owner has, or give it back (`waiting`); write down what follows it.

    Nothing happens where it was taken from the owner meanwhile.
    """
    with books.writing() as connection:
        values: dict[str, Any] = {"state": state, "owner": None, "reason": reason, "changed": now()}
        if run_id is not None:
            values["run_id"] = run_id
        ours = (*key(one), of.owner == one.owner, of.state == State.RUNNING)
        row = connection.execute(update(occurrences).where(*ours).values(values).returning(*occurrences.c)).first()
        if row is None:
            return
        if state is State.FAILED:
            append(connection, books.author, about(occurrence_of(row), Event.START_FAILED, reason), now())
        for follower in followers:
            _add(books, connection, _unless_paused(connection, follower))


def _unless_paused(connection: Connection, one: Occurrence) -> Occurrence:
    why = is_paused(connection, one.name)
    return one if why is None else replace(one, state=State.SKIPPED, reason=PAUSED.format(why))


def counts(books: Books) -> dict[State, int]:
    """Return how many occurrences stand where."""
    counted = select(of.state, func.count().label("number")).group_by(of.state)
    with books.reading() as connection:
        return {State(row.state): row.number for row in connection.execute(counted)}


def like(books: Books, name: str, prefix: str) -> list[Occurrence]:
    """Return the occurrences whose nominal begins so."""
    wanted = select(occurrences).where(of.name == name, of.nominal.startswith(prefix, autoescape=True))
    with books.reading() as connection:
        return [occurrence_of(row) for row in connection.execute(wanted)]


def read(books: Books, *, name: str | None, nominal: str | None, limit: int) -> list[Occurrence]:
    """Return the occurrences, the newest first."""
    wanted = select(occurrences).order_by(of.due.desc(), of.nominal.desc()).limit(limit)
    if name is not None:
        wanted = wanted.where(of.name == name)
    if nominal is not None:
        wanted = wanted.where(of.nominal == nominal)
    with books.reading() as connection:
        return [occurrence_of(row) for row in connection.execute(wanted)]
