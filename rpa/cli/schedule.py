"""`rpa schedule`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rpa.calendar.zones import Moment
from rpa.cli.common import indented, json_option, near, print_json, project_option, told
from rpa.definitions.schedules import Schedules
from rpa.errors import ExitCode
from rpa.timetable import Timetable
from rpa.words import counted

if TYPE_CHECKING:
    from rpa.steering import Standing

PERIOD = 20
"""How many times `next` shows, unless it is told otherwise."""


@click.group("schedule")
def command() -> None:
    """Check and list schedules, and when they run next; pause, resume or run one now."""


@command.command("check")
@project_option
@json_option
def check(folder: Path, *, as_json: bool) -> int:
    """Find every mistake in schedules/*.yaml."""
    schedules = _schedules(folder)
    problems = schedules.problems()
    if as_json:
        print_json({"schedules": len(schedules.defined), "problems": [*map(told, problems)]})
        return ExitCode.USAGE if problems else ExitCode.DONE
    for problem in problems:
        click.echo(near(problem))
    counts = (counted(len(schedules.defined), "schedule"), counted(len(problems), "problem"))
    click.echo(", ".join(counts), err=True)
    return ExitCode.USAGE if problems else ExitCode.DONE


@command.command("list")
@project_option
@json_option
def list_(folder: Path, *, as_json: bool) -> int:
    """List the schedules: which bot, when it runs next, and which are unavailable and why."""
    from rpa.project import Project
    from rpa.steering import standings

    project = Project(folder)
    with project.store() as store:
        found = list(standings(project.schedules, store, last=1))
    for one in found:
        data = _standing(one)
        if as_json:
            print_json(data)
        else:
            click.echo("\n".join(_lines(data)))
    return ExitCode.DONE if all(one.schedule for one in found) else ExitCode.USAGE


def _standing(one: "Standing") -> dict[str, Any]:
    schedule, last = one.schedule, next(iter(one.last), None)
    coming = one.coming(1)
    zone = Timetable(schedule).zone if schedule and coming else None
    return {
        "schedule": one.name,
        "bot": schedule.bot if schedule else None,
        "state": one.state,
        "next": coming[0].at.astimezone(zone).isoformat() if coming else None,
        "after": schedule.after if schedule else None,
        "last": last.nominal if last else None,
        "last_state": last.state if last else None,
        "reason": one.wrong or one.paused,
    }


def _lines(data: dict[str, Any]) -> Iterator[str]:
    coming = f"after {data['after']}" if data["after"] else f"next {data['next'] or 'never'}"
    yield f"{data['schedule']:<28} {data['state']:<12} {data['bot'] or '':<20} {coming}".rstrip()
    if data["last"]:
        yield f"    last: {data['last']}, {data['last_state']}"
    if data["reason"]:
        yield indented(data["reason"], 4)


@command.command("next")
@click.argument("name", required=False)
@click.option("--count", type=click.IntRange(1, 10_000), default=PERIOD, help="How many times.", show_default=True)
@click.option("--from", "begin", type=click.DateTime(["%Y-%m-%d"]), help="The day to begin with, in UTC.")
@project_option
@json_option
def next_(name: str | None, count: int, begin: datetime | None, folder: Path, *, as_json: bool) -> None:
    """Show the next times of one schedule or of all: by its own clock, and in UTC."""
    schedules = _schedules(folder)
    names = [name] if name else list(schedules.right())
    after = begin.replace(tzinfo=UTC) if begin else datetime.now(UTC)
    tables = [Timetable(schedules.get(one)) for one in names]
    for moment, table in islice(
        merge(*(_named(table, after) for table in tables), key=lambda pair: pair[0]), count
    ):
        if as_json:
            print_json(_data(moment, table))
        else:
            click.echo(f"{_written(moment, table.schedule.timezone)}  {table.schedule.schedule}")


@command.command("history")
@click.argument("name", required=False)
@click.option("--count", type=click.IntRange(1, 10_000), default=PERIOD, help="How many.", show_default=True)
@project_option
@json_option
def history(name: str | None, count: int, folder: Path, *, as_json: bool) -> None:
    """Show what became of each time, also of those that were missed or skipped; the newest first."""
    from rpa.project import Project

    with Project(folder).store() as store:
        found = store.occurrences.newest(name, limit=count)
    for one in found:
        if as_json:
            said = {"schedule": one.name, "nominal": one.nominal, "bot": one.bot, "due": one.due.isoformat()}
            print_json({**said, "state": one.state, "run": one.run_id, "reason": one.reason})
            continue
        run = f"run {one.run_id}" if one.run_id else ""
        click.echo(f"{one.nominal:<20} {one.name:<28} {one.state:<9} {run}".rstrip())
        if one.reason:
            click.echo(indented(one.reason, 4))


_reason = click.option("--reason", required=True, help="Why; it is written to the audit trail.")


@command.command("pause")
@click.argument("name")
@_reason
@project_option
def pause(name: str, reason: str, folder: Path) -> None:
    """Let a schedule's times pass until it is resumed; each is written down as skipped."""
    from rpa import steering
    from rpa.project import Project

    project = Project(folder)
    schedule = project.schedules.get(name)
    with project.sealing() as store:
        steering.pause(store, schedule, reason)
    click.echo(f"{name}: paused")


@command.command("resume")
@click.argument("name")
@_reason
@project_option
def resume(name: str, reason: str, folder: Path) -> None:
    """Let a schedule's times fire again, from now on."""
    from rpa import steering
    from rpa.project import Project

    project = Project(folder)
    schedule = project.schedules.get(name)
    with project.sealing() as store:
        steering.resume(store, schedule, reason)
    click.echo(f"{name}: resumed")


@command.command("run-now")
@click.argument("name")
@project_option
def run_now(name: str, folder: Path) -> None:
    """Let the service run a schedule's bot now, once, whatever the clock says."""
    from rpa import steering
    from rpa.project import Project, person

    project = Project(folder)
    schedule = project.schedules.get(name)
    with project.sealing() as store:
        steering.run_now(store, schedule, person().name)
    click.echo(f"{name}: the service starts it; `rpa schedule history {name}` tells what became of it")


def _schedules(folder: Path) -> Schedules:
    from rpa.project import Project

    return Project(folder).schedules


def _named(table: Timetable, after: datetime) -> Iterator[tuple[Moment, Timetable]]:
    return ((moment, table) for moment in table.after(after))


def _data(moment: Moment, table: Timetable) -> dict[str, Any]:
    return {
        "schedule": table.schedule.schedule,
        "bot": table.schedule.bot,
        "nominal": moment.nominal,
        "local": moment.at.astimezone(table.zone).isoformat(),
        "utc": moment.at.isoformat(),
    }


def _written(moment: Moment, zone: str) -> str:
    from zoneinfo import ZoneInfo

    local = moment.at.astimezone(ZoneInfo(zone))
    seconds = ":%S" if local.second else ""
    return f"{local:%a %Y-%m-%d %H:%M{seconds} %Z} = {moment.at:%Y-%m-%d %H:%M{seconds}} UTC"
