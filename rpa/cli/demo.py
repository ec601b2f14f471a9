"""`rpa demo`."""

import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from rpa.cli.common import json_option, print_json
from rpa.errors import ExitCode, SetupError
from rpa.words import counted

BOT = "claims-intake"
SECRETS = {"benefits": ("clerk1", "benefits-pass"), "payments": ("payuser", "payments-pass")}
"""Who signs in to the fixture systems: made up, and of no use anywhere else."""

USER = "dana"
"""Who signs in to the console; the password is another one each time."""

HOME = Path(__file__).resolve().parents[2]
"""The checkout: the demonstration needs its bots and fixtures."""


@click.command("demo")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=HOME / ".demo", help="Where it is kept."
)
@click.option("--console", "serves", is_flag=True, help="Serve the console afterwards, over what was done.")
@json_option
def command(folder: Path, *, serves: bool, as_json: bool) -> int:
    """See the main job done: 25 claim forms and a roster go into two fixture systems, once.

    What was entered is kept in the folder, so that running it again enters nothing twice. Delete the folder to
    begin anew.
    """
    if not (HOME / "fixtures" / "forms" / "claims").is_dir():
        raise SetupError("the demonstration needs the project's checkout, with its fixtures folder")
    with both_systems(folder) as running:
        exit_code = _run(folder, running, as_json=as_json)
        if serves:
            _serve(folder)
        return exit_code


def _serve(folder: Path) -> None:
    """Serve the console for somebody who may do everything, until told to stop."""
    from rpa.console.passwords import hashed
    from rpa.console.serving import serve
    from rpa.errors import BusinessException
    from rpa.people import Role
    from rpa.project import Project

    password = "-".join(secrets.token_hex(2) for _ in range(4))
    with Project(folder).store() as store:
        kept = hashed(password, USER)
        try:
            store.accounts.add(USER, "Dana Demo", frozenset(Role), kept)
        except BusinessException:  # the account of an earlier time
            store.accounts.change(USER, password=kept)

    def ready(port: int, _page: int | None) -> None:
        click.echo(f"The console: http://127.0.0.1:{port}/  user name: {USER}  password: {password}", err=True)

    serve(folder, 0, ready=ready)


def _run(folder: Path, running: dict[str, Any], *, as_json: bool) -> int:
    from rpa.cli.progress import progress
    from rpa.cli.summary import Summary
    from rpa.project import Project, person
    from rpa.results.workbook import write_results
    from rpa.runner import run

    project = Project(lay_out(folder))
    with progress(quiet=as_json) as told:
        outcome = run(project, BOT, by=f"person:{person().name}", progress=told)
    summary = Summary(project, project.bot(BOT), outcome, write_results(project, BOT))
    rows, duplicates = rows_in(running)
    if as_json:
        chosen = ("documents", "work_items", "transactions", "audit", "seconds")
        data = {key: value for key, value in summary.data().items() if key in chosen}
        print_json({**data, "rows_in_systems": rows, "duplicates": duplicates})
    else:
        summary.tell()
        click.echo(
            f"In the systems' own databases: {counted(rows, 'entry', 'entries')}, {duplicates} of them twice"
        )
    return ExitCode.FAILED if outcome.failures or duplicates or summary.verdict.problems else ExitCode.DONE


@contextmanager
def both_systems(folder: Path) -> Iterator[dict[str, Any]]:
    """Run both systems on free ports, and tell the settings where they are and how to sign in."""
    import sys

    sys.path.insert(0, str(HOME))
    from fixtures.systems.common import running, said

    data = folder / "systems"
    data.mkdir(parents=True, exist_ok=True)
    seed = HOME / "fixtures" / "forms" / "claims" / "seed_benefits.json"
    with (
        running("benefits", data / "benefits.db", seed=seed) as benefits,
        running("payments", data / "payments.db") as payments,
    ):
        both = {"benefits": benefits, "payments": payments}
        with said({name: text for one, system in both.items() for name, text in _settings(one, system.url)}):
            yield both


def _settings(system: str, url: str) -> Iterator[tuple[str, str]]:
    """Yield what a project's environment has to say about a fixture system."""
    yield f"RPA_SYSTEMS__{system.upper()}__URL", url
    for part, value in zip(("USERNAME", "PASSWORD"), SECRETS[system], strict=True):
        yield f"RPA_CREDENTIAL_{system.upper()}_{part}", value


def lay_out(folder: Path) -> Path:
    """Lay out a project as an office has it: the bot, the page maps, and what came in this morning."""
    forms = HOME / "fixtures" / "forms" / "claims"
    inbox = folder / "inbox" / "claims"
    inbox.mkdir(parents=True, exist_ok=True)
    for form in forms.glob("claim_*.pdf"):
        shutil.copy2(form, inbox / form.name)
    shutil.copy2(forms / "roster.xlsx", inbox.parent / "roster.xlsx")
    systems = folder / "bots" / "systems"
    systems.mkdir(parents=True, exist_ok=True)
    shutil.copy2(HOME / "bots" / "claims_intake.yaml", systems.parent)
    for name in SECRETS:
        shutil.copy2(HOME / "bots" / "systems" / f"{name}.yaml", systems)
    return folder


def rows_in(running: dict[str, Any]) -> tuple[int, int]:
    """Return how many entries the systems hold, and how many of them are there more than once."""
    keys = Counter(
        (name, entry.get("claim_no") or entry["claim_number"])
        for name, system in running.items()
        for entry in system.entries()
    )
    return sum(keys.values()), sum(count - 1 for count in keys.values())
