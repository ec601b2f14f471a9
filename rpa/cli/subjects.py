"""`rpa audit erase` and `rpa audit disclosures`: what is held of somebody, and who received it."""

from pathlib import Path

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.errors import ExitCode, SetupError
from rpa.words import counted

_subject = click.argument("subject")
_bot = click.option("--bot", help="Where several bots know the subject.")


def _named(subject: str) -> str:
    """Return the subject; asked for where it is `-`, since a command line is seen by others and remembered."""
    return click.prompt("Subject", hide_input=True, err=True) if subject == "-" else subject


@click.command("erase")
@_subject
@click.option("--authority", required=True, help="The rule or decision; it is written to the audit trail.")
@click.option("--shared-documents", "shared", is_flag=True, help="Also documents that hold records of others.")
@_bot
@project_option
@json_option
def erase(  # one for each word of the command
    subject: str, authority: str, folder: Path, bot: str | None, *, shared: bool, as_json: bool
) -> int:
    """Erase what is held of SUBJECT: values, keys, documents, pictures. The trail stays, and says so.

    SUBJECT is what the bot's `subject` field holds, else the record's reference; `-` asks for it. A document that
    could not be read is named as rpa queue does: document-3.
    """
    from rpa.erasing import erase
    from rpa.project import Project

    project = Project(folder)
    with project.sealing() as store:
        done = erase(project, store, _named(subject), bot=bot, authority=authority, shared=shared)
    if as_json:
        print_json(vars(done))
    else:
        records = counted(len(done.references), "record")
        files = f"{counted(done.documents, 'document')}, {counted(done.pictures, 'picture')}"
        click.echo(f"Erased: {records}, {files}")
        for sha256 in done.left:
            click.echo(f"  left, since it holds others too: documents/{sha256}")
    return ExitCode.NEEDS_PERSON if done.left else ExitCode.DONE


@click.command("disclosures")
@_subject
@_bot
@project_option
@json_option
def disclosures(subject: str, folder: Path, bot: str | None, *, as_json: bool) -> None:
    """Account for disclosures of SUBJECT's records: date, nature, purpose, name and address of the recipient.

    SUBJECT is named as for erase; of a record that was erased, by its reference.
    """
    from rpa.project import Project

    with Project(folder).store() as store:
        found = list(store.personal.disclosures(_named(subject), bot))
    for one in found:
        if as_json:
            print_json(vars(one))
        else:
            click.echo(f"{one.date[:10]}  {one.reference}  {one.system}: {one.status}")
            click.echo(f"  to       {one.recipient}, {one.address}")
            click.echo(f"  what     {one.nature}")
            click.echo(f"  purpose  {one.purpose}{f' ({one.authority})' if one.authority else ''}")
    if not found and not as_json:
        click.echo("No disclosure is in the log.")


@click.command("prune")
@project_option
@json_option
def prune(folder: Path, *, as_json: bool) -> None:
    """Erase what is older than `[retention]` in rpa.toml says. To be started by a schedule of the system."""
    from datetime import UTC, datetime, timedelta

    from rpa.audit.entry import Event
    from rpa.erasing import Erased, expire
    from rpa.project import Project

    project = Project(folder)
    kept = project.settings.retention
    if not kept.authority.strip():
        raise SetupError("[retention] in rpa.toml says neither how long things are kept nor by what `authority`")
    known = {event.partition(".")[0] for event in Event}
    if unknown := set(kept.log) - known:
        raise SetupError(
            f"[retention.log]: no event begins with {min(unknown)}; known: {', '.join(sorted(known))}"
        )
    done, dropped = Erased(references=(), documents=0, pictures=0, left=()), 0
    with project.sealing() as store:
        if kept.records is not None:
            done = expire(project, store, datetime.now(UTC) - timedelta(days=kept.records), kept.authority)
        if kept.log and (dropped := store.log.prune(kept.log, kept.authority)):
            store.personal.clean()
    told = {"records": len(done.references), "documents": done.documents, "pictures": done.pictures}
    told["entries"] = dropped
    if as_json:
        print_json(told)
    else:
        of = f"{counted(told['documents'], 'document')}, {counted(told['pictures'], 'picture')}"
        click.echo(f"Erased: {counted(told['records'], 'record')}, {of}")
        click.echo(f"Dropped from the log: the content of {counted(dropped, 'entry', 'entries')}")
