"""`rpa approve`."""

import pwd
from pathlib import Path

import click

from rpa.audit.note import PrivateKey
from rpa.cli.common import project_option
from rpa.errors import SetupError

KEY = Path("~/.config/keyonce/approver.key")


@click.command("approve")
@click.argument("bot")
@click.option("--author", help="Who wrote or changed it; by default, whose its files are.")
@click.option("--emergency", "hours", type=int, help="Let it run unapproved for so many hours; two have to sign.")
@click.option("--reason", help="Why; needed in an emergency.")
@project_option
def command(bot: str, author: str | None, hours: int | None, reason: str | None, folder: Path) -> None:
    """Sign that you have looked at a bot, which somebody else has written.

    With its page maps and forms, and with the schedules and triggers that start it.
    """
    from rpa.approval import TOGETHER, approvals
    from rpa.project import Project
    from rpa.starts import hashes

    project = Project(folder)
    library, key = project.unrun_library, _key()
    library.bot(bot)
    files = project.unrun_starts(bot)
    digest, starts = library.digest(bot), hashes(files)
    known = approvals(project.settings.bots_folder, [*project.settings.approvers, str(key.public)])
    if hours is None:
        path = known.approve(bot, digest, author or _owners([*library.files(bot), *files.values()]), key, starts)
        click.echo(f"{bot} approved: {path}")
        click.echo(f"  started by: {', '.join(starts) or 'people alone'}")
    else:
        if not (reason or "").strip():
            raise SetupError("an emergency needs a reason")
        path, signed = known.override(bot, digest, str(reason), hours, key, starts)
        click.echo(f"{bot}: {signed} of {TOGETHER} have signed: {path}")
    if str(key.public) not in project.settings.approvers:
        click.echo(f'To count, your key has to be among `approvers` in rpa.toml:\n  "{key.public}"', err=True)


def _key() -> PrivateKey:
    """Return this person's own key, made when it is first needed."""
    from rpa.audit.keys import read_private, write_whole
    from rpa.project import person

    path = KEY.expanduser()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, PrivateKey.generate(person().name).text(), 0o600)
    return read_private(path)


def _owners(files: list[Path]) -> str:
    """Return whose the files are; with several people's, who signs has to say whose the change is."""
    names = {_name(path.stat().st_uid) for path in files}
    if len(names) > 1:
        raise SetupError(f"the files are of {', '.join(sorted(names))}: say by --author who changed it")
    return names.pop()


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"
