"""`rpa init`."""

from pathlib import Path

import click

from rpa.definitions.schema import files
from rpa.errors import SetupError
from rpa.project import Project

SETTINGS = """\
# What this machine says; the environment (RPA_...) goes before it.
# [secrets]
# store = "file"                          # credentials.toml beside this file, mode 0600; or age, systemd, vault
# [systems.example]
# url = "https://test.example.gov"        # reach a system at another address from here
"""

IGNORED = "/.rpa/\n/arrivals/\n/inbox/\n/credentials.toml\n"

NEXT = """\
A new project is in {folder}. Next:
  1. draw the map of a system        bots/systems/NAME.yaml
  2. write the bot                   bots/NAME.yaml
  3. find every mistake              rpa check
  4. see what it reads               rpa read NAME
  5. rehearse: all but submit        rpa rehearse NAME --headed
  6. run it                          rpa run NAME
docs/write-a-bot.md goes this way with you."""


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
def command(folder: Path) -> None:
    """Make a new project in a folder."""
    if (folder / "bots").exists():
        raise SetupError(f"{folder / 'bots'} is there already; this folder holds a project")
    for part in ("bots/systems", "bots/forms", "bots/schema", "inbox", "schedules", "triggers"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    _write(folder / "rpa.toml", SETTINGS)
    _write(folder / ".gitignore", IGNORED)
    for name, text in files(Project(folder).vocabulary).items():
        _write(folder / "bots" / "schema" / name, text)
    click.echo(NEXT.format(folder=folder))


def _write(path: Path, text: str) -> None:
    """Write a file that is not there yet; what somebody wrote is left alone."""
    if not path.exists():
        path.write_text(text, encoding="utf-8")
