"""`rpa doctor`."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.errors import ExitCode, RpaError
from rpa.words import counted


@click.command("doctor")
@project_option
@json_option
def command(folder: Path, *, as_json: bool) -> int:
    """Check what this machine and project need: Python, browser, definitions, approvals, credentials, ledger."""
    failed = 0
    for name, check in _CHECKS.items():
        try:
            told, good = check(folder), True
        except (RpaError, OSError) as error:
            told, good = str(error), False
            failed += 1
        if as_json:
            print_json({"check": name, "ok": good, "told": told})
        else:
            click.echo(f"{'ok  ' if good else 'FAIL'}  {name:<12} {told}")
    return ExitCode.FAILED if failed else ExitCode.DONE


def _python(_folder: Path) -> str:
    return f"{sys.version.split()[0]} at {sys.executable}"


def _browser(_folder: Path) -> str:
    from rpa.browser.find import find

    found = find()
    return f"{found.name} {found.version}"


def _sandbox(_folder: Path) -> str:
    from rpa.browser.find import find

    if find().sandbox:
        return "the browser's own is on"
    return "the browser's own is off, as for root or in a container: a page that takes it over has this account"


def _production(folder: Path) -> str:
    from rpa.errors import SetupError
    from rpa.production import require, unapproved
    from rpa.project import Project

    project = Project(folder)
    if project.settings.mode != "production":
        return "no: `mode` is development"
    found = [require(project, bot) for bot in project.library.bots]
    starts = [name for one in found if one is not None for name in unapproved(project, one.bot, one)]
    if starts:
        raise SetupError(f"not approved with their bots: {', '.join(starts)}; rpa approve does it")
    overridden = [one for one in found if one is not None and one.is_override]
    return f"{counted(len(project.library.bots), 'bot')} approved, {len(overridden)} of them for an emergency"


def _settings(folder: Path) -> str:
    from rpa.settings.settings import Settings

    settings = Settings.load(folder)
    return f"state in {settings.state_folder}, secrets from {settings.secrets.store}"


def _definitions(folder: Path) -> str:
    from rpa.errors import DefinitionError
    from rpa.project import Project

    library = Project(folder).library
    if problems := library.problems():
        raise DefinitionError(f"{counted(len(problems), 'problem')}; rpa check lists what")
    return f"{counted(len(library.bots), 'bot')}, {counted(len(library.systems), 'system')}"


def _credentials(folder: Path) -> str:
    from rpa.project import Project

    project = Project(folder)
    oidc = project.settings.console.oidc
    names = [project.system(name).credential for name in project.library.systems]
    names.append(None if oidc is None else oidc.credential)
    wanted = sorted({name for name in names if name})
    for name in wanted:
        project.secrets.get(name)
    return ", ".join(wanted) or "none needed"


def _ledger(folder: Path) -> str:
    from rpa.production import refuse_owner
    from rpa.project import Project

    project = Project(folder)
    with project.store() as store:
        if project.settings.mode == "production":
            refuse_owner(store)
        verdict = store.log.verify()
    if verdict.problems:
        raise RpaError(f"the audit trail is broken: {verdict.problems[0]}")
    return f"{verdict.entries} audit entries, verified"


def _documents(folder: Path) -> str:
    from rpa.project import Project

    keeping = Project(folder).keeping
    keeping.try_out()
    return f"kept in {keeping.where}"


_CHECKS: dict[str, Callable[[Path], str]] = {
    "python": _python,
    "browser": _browser,
    "sandbox": _sandbox,
    "settings": _settings,
    "definitions": _definitions,
    "production": _production,
    "credentials": _credentials,
    "documents": _documents,
    "ledger": _ledger,
}
