"""`rpa systems`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from rpa.cli.common import indented, json_option, print_json, project_option
from rpa.errors import ExitCode, SetupError
from rpa.store.systems import SystemState


@click.group("systems", invoke_without_command=True)
@project_option
@json_option
@click.pass_context
def command(context: click.Context, folder: Path, *, as_json: bool) -> int:
    """List the systems, which of them are paused and why; pause or resume one."""
    if context.invoked_subcommand is not None:
        return ExitCode.DONE
    from rpa.project import Project

    project = Project(folder)
    with project.store() as store:
        states = {state.system: state for state in store.systems()}
    for name in project.library.systems:
        told = _told(name, states.get(name))
        if as_json:
            print_json(told)
        else:
            click.echo("\n".join(_lines(told)))
    paused = [state for state in states.values() if state.paused]
    return ExitCode.NEEDS_PERSON if paused else ExitCode.DONE


def _told(name: str, state: SystemState | None) -> dict[str, Any]:
    paused = state is not None and state.paused is not None
    return {
        "system": name,
        "state": "paused" if paused else "open",
        "failures": state.failures if state else 0,
        "since": _moment(state.paused) if state else None,
        "reason": state.reason if state else None,
        "next_probe": _moment(state.next_probe) if state else None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _lines(told: dict[str, Any]) -> Iterator[str]:
    if told["state"] == "open":
        yield f"{told['system']:<20} open"
        return
    yield f"{told['system']:<20} paused since {told['since']}"
    yield indented(told["reason"], 4)
    if told["next_probe"]:
        yield f"    One transaction is tried from {told['next_probe']} on."
    else:
        yield f"    It waits for `rpa systems resume {told['system']} --reason ...`"


_reason = click.option("--reason", required=True, help="Why; it is written to the audit trail.")
_name = click.argument("name")


@command.command("pause")
@_name
@_reason
@project_option
def pause(name: str, reason: str, folder: Path) -> None:
    """Let a system's work wait, in every run, until somebody resumes it."""
    from rpa.project import Project

    project = Project(folder)
    if name not in project.library.systems:
        raise SetupError(f"no system is called {name}; `rpa systems` lists them")
    with project.sealing() as store:
        store.pause_system(name, reason)
    click.echo(f"{name}: paused; what is under way is still finished")


@command.command("resume")
@_name
@_reason
@project_option
def resume(name: str, reason: str, folder: Path) -> None:
    """Let a paused system's work go on, from the next run on or in the one that is under way."""
    from rpa.project import Project

    with Project(folder).sealing() as store:
        store.resume_system(name, reason)
    click.echo(f"{name}: open")
