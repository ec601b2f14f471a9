"""`rpa demo`."""

import os
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

HOME = Path(__file__).resolve().parents[2]
"""The checkout: the demonstration needs its bots and fixtures."""


@click.command("demo")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=HOME / ".demo", help="Where it is kept."
)
@json_option
def command(folder: Path, *, as_json: bool) -> int:
    """See the main job done: 25 claim forms and a roster go into two fixture systems, once.

    What was entered is kept in the folder, so that running it again enters nothing twice. Delete the folder to
    begin anew.
    """
    if not (HOME / "fixtures" / "forms" / "claims").is_dir():
        raise SetupError("the demonstration needs the project's checkout, with its fixtures folder")
    with _systems(folder) as running:
        return _run(folder, running, as_json=as_json)


def _run(folder: Path, running: dict[str, Any], *, as_json: bool) -> int:
    from rpa.cli.progress import progress
    from rpa.cli.summary import Summary
    from rpa.project import Project, person
    from rpa.results import write_results
    from rpa.runner import run

    project = Project(_project(folder))
    with progress(quiet=as_json) as told:
        outcome = run(project, BOT, by=f"person:{person().name}", progress=told)
    summary = Summary(project, project.bot(BOT), outcome, write_results(project, BOT))
    rows, duplicates = _counted(running)
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
def _systems(folder: Path) -> Iterator[dict[str, Any]]:
    """Run both systems on free ports, and tell the settings where they are and how to sign in."""
    import sys

    sys.path.insert(0, str(HOME))
    from fixtures.systems.common import running

    data = folder / "systems"
    data.mkdir(parents=True, exist_ok=True)
    seed = HOME / "fixtures" / "forms" / "claims" / "seed_benefits.json"
    with (
        running("benefits", data / "benefits.db", seed=seed) as benefits,
        running("payments", data / "payments.db") as payments,
    ):
        both = {"benefits": benefits, "payments": payments}
        for name, system in both.items():
            os.environ[f"RPA_SYSTEMS__{name.upper()}__URL"] = system.url
            for part, value in zip(("USERNAME", "PASSWORD"), SECRETS[name], strict=True):
                os.environ[f"RPA_CREDENTIAL_{name.upper()}_{part}"] = value
        yield both


def _project(folder: Path) -> Path:
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


def _counted(running: dict[str, Any]) -> tuple[int, int]:
    """Return how many entries the systems hold, and how many of them are there more than once."""
    keys = Counter(
        (name, entry.get("claim_no") or entry["claim_number"])
        for name, system in running.items()
        for entry in system.entries()
    )
    return sum(keys.values()), sum(count - 1 for count in keys.values())
