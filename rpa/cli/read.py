"""`rpa read`."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.cli.told import told_draft
from rpa.definitions.bot import RecordSpec
from rpa.errors import DocumentProblem, ExitCode
from rpa.intake.drafts import Draft
from rpa.intake.pictures import pictures_of

if TYPE_CHECKING:
    from rpa.project import Project

NAME = 16
"""Letters that the name of a field has room for at least."""

_Drafted = tuple[RecordSpec, list[Draft], str | None]
"""What a record is, the drafts of those that one document holds, and its password."""


@click.command("read")
@click.argument("what", metavar="BOT|FILE")
@click.option("--show", is_flag=True, help="Draw each page with the boxes and values that were found on it.")
@project_option
@json_option
def command(what: str, folder: Path, *, show: bool, as_json: bool) -> int:
    """Show the records that a bot reads, and where each value came from. No browser starts, nothing is entered.

    A FILE is read by whichever form of the project it is.
    """
    from rpa.project import Project

    project = Project(folder)
    problems = 0
    for told in _readings(project, what, show=show):
        problems += told["problem"] is not None
        print_json(told) if as_json else _tell(told)
    return ExitCode.NEEDS_PERSON if problems else ExitCode.DONE


def _readings(project: "Project", what: str, *, show: bool) -> Iterator[dict[str, Any]]:
    for name, drafted in _drafted(project, what):
        if isinstance(drafted, DocumentProblem):
            yield {"document": name, "problem": f"{drafted.kind}: {drafted}"}
            continue
        spec, drafts, password = drafted
        *others, last = (told_draft(draft, spec) for draft in drafts)
        yield from others
        yield last | (_shown(project, drafts, password) if show else {})


def _drafted(project: "Project", what: str) -> Iterator[tuple[str, _Drafted | DocumentProblem]]:
    """Yield for each document its name and the drafts of its records, or why there are none or no more."""
    file = Path(what)
    if file.is_file():
        with ExitStack() as at_hand:
            yield file.name, _of_file(project, file, at_hand)
        return
    drafts = project.drafts(project.bot(what))
    for path in drafts.paths():
        found: list[Draft] = []
        problems: list[DocumentProblem] = []
        with ExitStack() as at_hand:  # for as long as its pictures may be drawn
            try:
                found.extend(drafts.of(at_hand.enter_context(drafts.keep(path))))
            except DocumentProblem as problem:
                problems.append(problem)
            if found:
                yield path.name, (drafts.bot.record, found, drafts.password)
        yield from ((path.name, problem) for problem in problems)


def _of_file(project: "Project", file: Path, at_hand: ExitStack) -> _Drafted | DocumentProblem:
    try:
        spec, draft = project.forms().draft(at_hand.enter_context(project.files.keep(file)))
    except DocumentProblem as problem:
        return problem
    return spec, [draft], None


def _shown(project: "Project", drafts: list[Draft], password: str | None) -> dict[str, Any]:
    """Return the pictures; where a page can't be drawn that is a problem of this document, and of no other."""
    try:
        return {"pictures": _show(project, drafts, password)}
    except DocumentProblem as problem:
        told, before = f"{problem.kind}: it can't be shown: {problem}", drafts[-1].problem
        return {"pictures": [], "problem": f"{before}; {told}" if before else told}


def _show(project: "Project", drafts: list[Draft], password: str | None) -> list[str]:
    """Draw into a folder of this account alone, for the pictures show what nobody else may see."""
    document = drafts[0].document
    folder = project.settings.state_folder / "shown" / document.sha256[:12]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = []
    for name, picture in pictures_of(drafts, password):
        path = folder / f"{document.path.stem}-{name}.png"
        path.write_bytes(picture)
        paths.append(str(path))
    return paths


def _tell(told: dict[str, Any]) -> None:
    click.secho(f"{told['document']}  {told.get('place', '')}  {told.get('reference', '')}", bold=True)
    fields = told.get("fields", {})
    width = max((NAME, *map(len, fields)))
    for name, field in fields.items():
        _tell_field(name.ljust(width), field)
    for picture in told.get("pictures", ()):
        click.echo(f"  {picture}")
    for notice in told.get("notices", ()):
        click.secho(f"  ! {notice}", fg="yellow")
    if told["problem"]:
        click.secho(f"  ! {told['problem']}", fg="red")


def _tell_field(name: str, field: dict[str, Any]) -> None:
    """Print a field; what is not sure is marked with its state, and never stands where a value does."""
    sure = field["reason"] is None
    value = field["value"].replace("\n", " / ") if sure else f"? {field['state']}"
    click.secho(f"  {name} {value:<44} {field['place'] or ''}", fg=None if sure else "red")
    for warning in field["warnings"]:
        click.secho(f"  {'':<{len(name)}} ! {warning}", fg="yellow")
