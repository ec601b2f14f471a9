"""Which of a schedule's times fires is decided here, in one transaction: written down first is fired, once.

Any number of services may ask at the same moment. A time has the primary key (schedule, nominal local time), and
each schedule's row says up to when its times are written down, so that what nobody was there for is found.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from rpa.audit.entry import Event, Fact, instant
from rpa.calendar.zones import Moment
from rpa.errors import BusinessException
from rpa.occurrence import OPEN, Occurrence, Plan, State
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import occurrences, schedules
from rpa.store.trail import append

GRACE = timedelta(minutes=1)
"""How late a time may be written down without having been missed."""

PAUSED = "the schedule is paused: {}"

of = occurrences.c


def fire(books: Books, plans: Sequence[Plan], at: datetime) -> list[Occurrence]:
    """Write down every time of the plans that has come by *at*; return the occurrences, whatever becomes of them.

    Some hundred plans at most: they are one transaction, for which workers have to wait.

    A schedule that is seen for the first time, or with another clock than before, begins *at* this moment.
    """
    found: list[Occurrence] = []
    with books.writing() as connection:
        ours = schedules.c.schedule.in_([plan.name for plan in plans])
        known = {row.schedule: row for row in connection.execute(select(schedules).where(ours))}
        _begin(connection, [plan for plan in plans if plan.name not in known], at)
        for plan in plans:
            row = known.get(plan.name)
            if row is not None and row.clock == plan.clock:
                found.extend(_due(books, connection, plan, row, at))
            elif row is not None:
                _begin_anew(connection, plan, at)
    return found


def pause(books: Books, name: str, reason: str) -> None:
    """Let no time of the schedule fire until it is resumed; each is written down as skipped."""
    _set(books, name, Event.SCHEDULE_PAUSED, reason, now())


def resume(books: Books, name: str, reason: str) -> None:
    """Let the schedule's times fire again, from now on. Raises `BusinessException` where it isn't paused."""
    _set(books, name, Event.SCHEDULE_RESUMED, reason, None)


def paused(books: Books) -> dict[str, str]:
    """Return the schedules that are paused, each with the reason."""
    with books.reading() as connection:
        rows = connection.execute(select(schedules).where(schedules.c.paused.is_not(None)))
        return {row.schedule: row.reason for row in rows}


def is_paused(connection: Connection, name: str) -> str | None:
    """Return why the schedule is paused; None where it isn't."""
    row = connection.execute(select(schedules).where(schedules.c.schedule == name)).first()
    return row.reason if row is not None and row.paused is not None else None


def _begin(connection: Connection, plans: Sequence[Plan], at: datetime) -> None:
    if plans:
        values = [{"schedule": plan.name, "clock": plan.clock, "since": at} for plan in plans]
        connection.execute(insert(schedules), values)


def _begin_anew(connection: Connection, plan: Plan, at: datetime) -> None:
    this = schedules.c.schedule == plan.name
    connection.execute(update(schedules).where(this).values(clock=plan.clock, since=at))


def _due(books: Books, connection: Connection, plan: Plan, row: Row[Any], at: datetime) -> list[Occurrence]:
    times = list(plan.between(row.since, at))
    if not times:
        return []
    of_row = schedules.c.schedule == plan.name
    connection.execute(update(schedules).where(of_row).values(since=times[-1].at))
    busy = _open(connection, plan.name)
    return [
        _written(books, connection, plan, one, busy, late=at - one.due > GRACE)
        for one in _decided(plan, _unwritten(connection, plan, times), row, at)
    ]


def _written(
    books: Books, connection: Connection, plan: Plan, one: Occurrence, busy: list[Occurrence], *, late: bool
) -> Occurrence:
    """Write down one time with what becomes of it; *busy* are the earlier ones that are not done."""
    if one.state is State.WAITING:
        one = _beside(books, connection, plan, one, busy, late=late)
    write(books, connection, one, missed=late)
    if one.state is State.WAITING:
        busy.append(one)
    return one


def _decided(plan: Plan, times: Sequence[Moment], row: Row[Any], at: datetime) -> list[Occurrence]:
    """Return what is to become of each time, before it is asked what else is running."""
    made_up = times[-1].nominal if times and plan.if_missed == "run_once" else None
    words = f"made up for by {made_up}" if made_up else "left out, as if_missed says"

    def decided(time: Moment) -> Occurrence:
        one = Occurrence(
            name=plan.name, nominal=time.nominal, kind="schedule", bot=plan.bot, due=time.at, files=plan.files
        )
        if row.paused is not None:
            return replace(one, state=State.SKIPPED, reason=PAUSED.format(row.reason))
        if at - time.at <= GRACE or plan.if_missed == "run_all" or time.nominal == made_up:
            return one
        return replace(one, state=State.MISSED, reason=f"no service was there; {words}")

    return [decided(time) for time in times]


def _beside(  # all that decides it
    books: Books, connection: Connection, plan: Plan, one: Occurrence, busy: list[Occurrence], *, late: bool
) -> Occurrence:
    """Return what becomes of a time at which earlier ones are not done."""
    if not busy or plan.if_still_running == "queue" or (late and plan.if_missed == "run_all"):
        return one
    earlier = busy[-1]
    if plan.if_still_running == "skip":
        return replace(one, state=State.SKIPPED, reason=f"{earlier.nominal} is still {earlier.state}")
    for other in busy:
        _replace(books, connection, other, one)
    busy.clear()
    return one


def _replace(books: Books, connection: Connection, other: Occurrence, by: Occurrence) -> None:
    """Let the later time take an earlier one's place: what runs is told to stop, what waits will not run."""
    values: dict[str, Any] = {"told_to_stop": True, "reason": f"replaced by {by.nominal}"}
    if other.state is State.WAITING:
        values |= {"state": State.REPLACED, "changed": now()}
    connection.execute(update(occurrences).where(*key(other)).values(values))
    append(connection, books.author, about(other, Event.START_REPLACED, values["reason"]), now())


def _unwritten(connection: Connection, plan: Plan, times: Sequence[Moment]) -> list[Moment]:
    """Leave out what another service, or a clock that was set back, has written down before."""
    rows = connection.execute(select(of.nominal).where(of.name == plan.name, of.due >= times[0].at))
    known = {row.nominal for row in rows}
    return [one for one in times if one.nominal not in known]


def _open(connection: Connection, name: str) -> list[Occurrence]:
    rows = connection.execute(select(occurrences).where(of.name == name, of.state.in_(OPEN)).order_by(of.due))
    return [occurrence_of(row) for row in rows]


def write(books: Books, connection: Connection, one: Occurrence, *, missed: bool = False) -> None:
    """Put the occurrence on the ledger, with its audit entries."""
    at = now()
    values = {**vars(one), "files": dict(one.files), "changed": at}
    connection.execute(insert(occurrences), values)
    if missed:
        reason = one.reason if one.state is State.MISSED else "no service was there; it is made up for"
        append(connection, books.author, about(one, Event.SCHEDULE_MISSED, reason), at)
    event = _EVENTS.get((one.kind, one.state))
    if event is not None:
        append(connection, books.author, about(one, event, one.reason), at)


_EVENTS = {
    ("schedule", State.WAITING): Event.SCHEDULE_FIRED,
    ("schedule", State.SKIPPED): Event.SCHEDULE_SKIPPED,
    ("person", State.WAITING): Event.SCHEDULE_FIRED,
    ("trigger", State.WAITING): Event.TRIGGER_FIRED,
    ("trigger", State.FAILED): Event.START_FAILED,
}
"""What is said of an occurrence when it is written down; a missed time has its entry already."""


def about(one: Occurrence, event: Event, reason: str | None) -> Fact:
    """Return what the log says of an occurrence."""
    data = {"name": one.name, "nominal": one.nominal, "due": instant(one.due)}
    return Fact(event=event, bot=one.bot, run=one.run_id, reason=reason, data=data)


def key(one: Occurrence) -> tuple[Any, Any]:
    """Return what picks the occurrence's row."""
    return of.name == one.name, of.nominal == one.nominal


def occurrence_of(row: Row[Any]) -> Occurrence:
    """Return the row of `occurrences` as an occurrence."""
    return Occurrence(**{**row._asdict(), "state": State(row.state)})


def _set(books: Books, name: str, event: Event, reason: str, moment: datetime | None) -> None:
    with books.writing() as connection:
        row = connection.execute(select(schedules).where(schedules.c.schedule == name)).first()
        if row is None or (row.paused is None) == (moment is None):
            state = "paused already" if moment else "not paused"
            raise BusinessException(f"{name} is {state}; `rpa schedule list` shows how each stands")
        values = {"paused": moment, "reason": reason if moment else None}
        connection.execute(update(schedules).where(schedules.c.schedule == name).values(values))
        append(connection, books.author, Fact(event=event, reason=reason, data={"name": name}), now())
