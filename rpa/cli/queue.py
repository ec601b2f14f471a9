"""`rpa queue`."""

from pathlib import Path

import click

from rpa.cli.common import indented, json_option, print_json, project_option
from rpa.cli.forecast import tell
from rpa.errors import DefinitionError, ExitCode, SetupError
from rpa.store.review import AGAIN, DISMISSED, Waiting
from rpa.work import PERSON_ONLY, Receipt, Status, Transaction


@click.group("queue", invoke_without_command=True)
@click.option("--bot", help="Only this bot's work items.")
@click.option("--status", type=click.Choice([str(status) for status in Status]), help="Only these.")
@click.option("--forecast", is_flag=True, help="When what waits will be done, and what of it too late.")
@project_option
@json_option
@click.pass_context
def command(  # one for each word of the command
    context: click.Context, bot: str | None, status: str | None, folder: Path, *, forecast: bool, as_json: bool
) -> int:
    """List work items; send again, abandon or confirm what needs a person."""
    if context.invoked_subcommand is not None:
        return ExitCode.DONE
    from rpa.project import Project

    waiting, project = 0, Project(folder)
    with project.store() as store:
        if bot is not None and bot not in store.lists.bots() and bot not in (known := project.library.bots):
            raise DefinitionError(f"no bot is called {bot}; known: {', '.join(sorted(known)) or 'none'}")
        if forecast:
            return tell(store.forecasts(bot), as_json=as_json)
        for item in store.work_items(bot):
            for one in store.transactions(item.id):
                if status in {None, one.status}:
                    waiting += one.status in PERSON_ONLY
                    pictures = project.cut_outs.of(item.bot, item.reference)
                    _tell(item.bot, item.reference, one, pictures, as_json=as_json)
        for other in store.waiting(bot) if status is None else ():
            waiting += 1
            _tell_waiting(other, as_json=as_json)
    if not waiting and status is None:
        click.echo("nothing waits for a person", err=True)
    return ExitCode.NEEDS_PERSON if waiting else ExitCode.DONE


def _tell(bot: str, reference: str, one: Transaction, unsure: dict[str, str], *, as_json: bool) -> None:
    kept = dict(one.receipt.kept)
    if as_json:
        told = {"bot": bot, "reference": reference, "entry": one.entry, "status": one.status}
        print_json({**told, "attempt": one.attempt, "receipt": kept, "reason": one.reason, "unsure": unsure})
        return
    _line(reference, one.entry, one.status, ", ".join(kept.values()), one.reason)
    if one.status is Status.REJECTED:
        for name, path in unsure.items():
            click.echo(f"    ? {name}: {path}")


def _tell_waiting(other: Waiting, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {"bot": other.bot, "id": other.id, "status": other.kind, "name": other.name, "reason": other.reason}
        )
        return
    _line(other.name, other.id, other.kind, "", other.reason)


def _line(what: str, where: str, status: str, receipt: str, reason: str | None) -> None:
    """Print one line of the list, and why below it, so that a narrow window shows both whole."""
    click.echo(f"{what:<20} {where:<14} {status:<16} {receipt}".rstrip())
    if reason:
        click.echo(indented(reason, 4))


_reference = click.argument("reference")
_entry = click.argument("entry")
_bot = click.option("--bot", help="Where several bots have the reference.")
_reason = click.option("--reason", required=True, help="Why; it is written to the audit trail.")


@command.command("send-again")
@_reference
@_entry
@_reason
@_bot
@project_option
def send_again(reference: str, entry: str, reason: str, bot: str | None, folder: Path) -> None:
    """Let the next run enter it. It searches first, where the system has a way to look."""
    _decide(folder, bot, reference, entry, Status.NEW, reason)


@command.command("abandon")
@_reference
@_entry
@_reason
@_bot
@project_option
def abandon(reference: str, entry: str, reason: str, bot: str | None, folder: Path) -> None:
    """Leave it: nothing more will be entered."""
    _decide(folder, bot, reference, entry, Status.ABANDONED, reason)


@command.command("confirm")
@_reference
@_entry
@click.option("--receipt", required=True, help="The reference number that the system shows.")
@_reason
@_bot
@project_option
def confirm(  # one for each word of the command
    reference: str, entry: str, receipt: str, reason: str, bot: str | None, folder: Path
) -> None:
    """Say that you saw the entry in the system: the answer to what is in doubt."""
    _decide(folder, bot, reference, entry, Status.CONFIRMED, reason, Receipt(kept={"receipt": receipt}))


@command.command("read-again")
@click.argument("waiting")
@_reason
@project_option
def read_again(waiting: str, reason: str, folder: Path) -> None:
    """Let the next run read a document again that could not be read, such as document-3."""
    _decide_waiting(folder, waiting, AGAIN, reason)


@command.command("take")
@click.argument("revision")
@_reason
@project_option
def take(revision: str, reason: str, folder: Path) -> None:
    """Enter a revision's content instead of what came first, such as revision-7; nothing may be entered yet."""
    from rpa.deciding import take_revision
    from rpa.project import Project

    project = Project(folder)
    with project.sealing() as store:
        take_revision(project, store, revision, reason=reason)
    click.echo(f"{revision}: taken; the next run enters it")


@command.command("dismiss")
@click.argument("waiting")
@_reason
@project_option
def dismiss(waiting: str, reason: str, folder: Path) -> None:
    """Say that a document or a revision is dealt with, such as document-3 or revision-7."""
    _decide_waiting(folder, waiting, DISMISSED, reason)


def _decide_waiting(folder: Path, waiting: str, outcome: str, reason: str) -> None:
    from rpa.project import Project

    with Project(folder).sealing() as store:
        store.decide_waiting(waiting, outcome, reason=reason)
    click.echo(f"{waiting}: {outcome}")


def _decide(  # what is decided of what, and why
    folder: Path,
    bot: str | None,
    reference: str,
    entry: str,
    status: Status,
    reason: str,
    receipt: Receipt | None = None,
) -> None:
    from rpa.deciding import send_again as send_again_now
    from rpa.project import Project, person

    project = Project(folder)
    with project.sealing() as store:
        found = [
            one for item in store.find(reference, bot) for one in store.transactions(item.id) if one.entry == entry
        ]
        if len(found) != 1:
            raise SetupError(f"{len(found)} transactions are called {reference} {entry}; see rpa queue")
        if status is Status.NEW and send_again_now(project, store, found[0].id, person=person(), reason=reason):
            click.echo(f"{reference} {entry}: waits for an approver, who decides in the console")
            return
        if status is not Status.NEW:
            store.decide(found[0].id, status, person=person(), reason=reason, receipt=receipt)
    click.echo(f"{reference} {entry}: {found[0].status} → {status}")
