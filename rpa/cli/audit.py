"""`rpa audit`."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rpa import clock
from rpa.cli.common import json_option, print_json, project_option
from rpa.cli.exports import export
from rpa.cli.keys import new_key
from rpa.cli.subjects import disclosures, erase, prune
from rpa.errors import ExitCode
from rpa.words import counted

if TYPE_CHECKING:
    from rpa.audit.verify import Verdict, Watch
    from rpa.project import Project
    from rpa.store.store import Store

LATE = timedelta(minutes=10)
"""How long an entry may stand without a checkpoint: twice the time between two, so that one may be on its way."""


@click.group("audit")
def command() -> None:
    """Verify, sign and export the audit trail; change its keys; erase what is held; account for disclosures."""


command.add_command(export)
command.add_command(erase)
command.add_command(disclosures)
command.add_command(prune)
command.add_command(new_key)


@command.command("verify")
@click.option("--checkpoint", "notes", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@json_option
def verify(folder: Path, notes: tuple[Path, ...], *, as_json: bool) -> int:
    """Recompute the whole trail from its stored bytes and compare it with every checkpoint.

    The witnesses of rpa.toml are asked what they hold. --checkpoint FILE adds what was kept elsewhere.
    """
    from rpa.project import Project

    project = Project(folder)
    watch, silent = _watch(project, notes)
    with project.examined() as store:
        verdict = store.log.verify(watch)
        stamps, untrue = _stamps(project, store)
    verdict = replace(verdict, problems=(*verdict.problems, *untrue))
    late = _late(verdict)
    word = "not covered" if late and not verdict.problems else verdict.word
    if as_json:
        print_json({"audit": word, **vars(verdict), "silent_witnesses": silent, "timestamps": stamps})
    else:
        _tell(verdict, silent, late=late)
        for name, (size, at) in stamps.items():
            click.echo(f"  {name} has seen the first {counted(size, 'entry', 'entries')} at {at}")
    return ExitCode.FAILED if verdict.problems else ExitCode.NOT_COVERED if late else ExitCode.DONE


@command.command("checkpoint")
@project_option
def checkpoint(folder: Path) -> int:
    """Sign a checkpoint now and publish it, also where nothing has happened; for a timer between runs."""
    from rpa.project import Project

    project = Project(folder)
    with project.store() as store:
        project.tell_settings(store)
        if store.log.unsigned():
            store.log.checkpoint()
        else:
            store.log.idle()
        problems = store.log.publish(project.places)
    for problem in problems:
        click.echo(f"not taken by {problem}", err=True)
    return ExitCode.FAILED if problems else ExitCode.DONE


def _watch(project: "Project", notes: tuple[Path, ...]) -> "tuple[Watch, list[str]]":
    """Return what is known of the log elsewhere, and the witnesses that say nothing."""
    from rpa.audit.keys import public_key
    from rpa.audit.places import UnpublishedError, witnesses_of
    from rpa.audit.verify import Kept, Watch

    origin = public_key(project.settings.state_folder).name
    kept = [Kept(str(path), note) for path in notes for note in _notes(path)]
    witnesses, silent = witnesses_of(project.settings.audit), list[str]()
    for witness in witnesses:
        try:
            kept.append(Kept(witness.name, witness.newest(origin)))
        except UnpublishedError as error:
            silent.append(f"{witness.name}: {error}")
    return Watch(witnesses=[one.key for one in witnesses], kept=kept), silent


def _stamps(project: "Project", store: "Store") -> tuple[dict[str, tuple[int, str]], list[str]]:
    """Return the last checkpoint that each timestamping authority has signed, and when; and what is untrue."""
    from rpa.audit.places import authorities_of
    from rpa.audit.timestamps import NotStampedError, newest

    found, untrue = dict[str, tuple[int, str]](), list[str]()
    for authority in authorities_of(project.settings.audit, project.settings.folder):
        try:
            last = newest(authority, store.log.stamped(authority.name))
        except NotStampedError as error:
            untrue.append(f"what is kept of {authority.name} is not genuine: {error}")
        else:
            found |= {authority.name: (last[0], last[1].isoformat())} if last else {}
    return found, untrue


def _notes(path: Path) -> list[str]:
    """Return the notes of a file, one or many with an empty line between."""
    lines = path.read_text("utf-8", errors="replace").rstrip("\n").split("\n\n")
    pairs = zip(lines[::2], lines[1::2], strict=False)
    return [f"{text}\n\n{signatures.rstrip()}\n" for text, signatures in pairs] or [path.read_text("utf-8")]


def _late(verdict: "Verdict") -> bool:
    if verdict.uncovered_since is None:
        return False
    return clock.now() - datetime.fromisoformat(verdict.uncovered_since) > LATE


def _tell(verdict: "Verdict", silent: list[str], *, late: bool) -> None:
    click.echo(verdict.sentence)
    for problem in verdict.problems:
        click.echo(f"  {problem}")
    for witness in silent:
        click.echo(f"  not asked: {witness}")
    if late:
        click.echo(f"  not covered since {verdict.uncovered_since}: run rpa audit checkpoint")
