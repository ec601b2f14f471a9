"""*Schedules*: when bots run by themselves, and what became of it; pause, resume, run now."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from rpa import steering
from rpa.console.roles import RESUMES, STARTS, WORK
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.definitions.schedule import Schedule
from rpa.errors import BusinessException
from rpa.steering import Standing
from rpa.store.store import Store
from rpa.timetable import Timetable

COMING, LAST = 5, 8
"""How many times are shown that come, and that have come."""


def show(visit: Visit) -> Response:
    """List the schedules."""
    return _page(visit, asked=visit.asked("asked"))


def pause(visit: Visit) -> Response:
    """Let a schedule's times pass."""
    return _changed(visit, steering.pause)


def resume(visit: Visit) -> Response:
    """Let a schedule's times count again."""
    return _changed(visit, steering.resume)


def run_now(visit: Visit) -> Response:
    """Have a schedule's bot run once, now."""
    schedule = _schedule(visit)
    steering.run_now(visit.store, schedule, visit.user.id)
    return visit.to(f"/schedules?asked={schedule.schedule}")


def _changed(visit: Visit, change: Callable[[Store, Schedule, str], None]) -> Response:
    schedule, reason = _schedule(visit), visit.said("reason")
    if not reason:
        return _page(visit, status=UNPROCESSABLE, problem="reason", about=schedule.schedule)
    try:
        change(visit.store, schedule, reason)
    except BusinessException:
        return _page(visit, status=CONFLICT, problem="changed", about=schedule.schedule)
    return visit.to("/schedules")


def _schedule(visit: Visit) -> Schedule:
    """Return the schedule that is named, if it can be used; raise LookupError otherwise."""
    name = visit.request.path_params["schedule"]
    found = visit.house.project.schedules.right().get(name)
    if found is None:
        raise LookupError(f"no schedule {name} can be used")
    return found


def _page(visit: Visit, *, status: int = 200, **said: Any) -> Response:
    schedules = visit.house.project.schedules
    return visit.page(
        "schedules.html",
        status=status,
        schedules=[(one, _coming(one)) for one in steering.standings(schedules, visit.store, last=LAST)],
        local=_local,
        may_change=visit.may(*RESUMES),
        may_start=visit.may(*STARTS),
        may_look=visit.may(*WORK),
        **{"problem": None, "about": "", "asked": "", **said},
    )


def _coming(one: Standing) -> list[tuple[datetime, datetime]]:
    """Return the next times: by the schedule's own clock, and in UTC."""
    return [(_local(one, moment.at), moment.at.astimezone(UTC)) for moment in one.coming(COMING)]


def _local(one: Standing, at: datetime) -> datetime:
    """Return a moment by the schedule's own clock; by this machine's where its file holds a mistake."""
    return at.astimezone(None if one.schedule is None else Timetable(one.schedule).zone)
