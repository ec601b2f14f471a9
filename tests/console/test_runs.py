"""The page of a run tells clerks what came of it: also that it could not work, why, and who can help."""

import html
from pathlib import Path

import pytest

from rpa.definitions.bot import Bot
from rpa.intake.drafts import Drafts
from rpa.project import Project
from rpa.runner import run
from tests.console.client import Client
from tests.console.stage import BOT, CLERK, make_project, served


def test_a_run_that_could_not_work_says_why_and_who_can_help_also_after_the_console_began_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RPA_CREDENTIAL_BENEFITS_PASSWORD", raising=False)
    project = make_project(tmp_path / "project", claims=4)
    outcome = run(project, BOT, by="person:olive", progress=lambda _ended, _all: None)
    assert outcome.failures
    with served(project.folder) as base:
        olive = Client(base)
        olive.sign_in("olive")
        told = html.unescape(olive.get("/runs/2").text)
        spanish = html.unescape(olive.get("/needs-you", **{"Accept-Language": "es"}).text)
        form = html.unescape(olive.get("/work/4/fix", **{"Accept-Language": "es"}).text)
        needs = olive.get("/needs-you").text
        _break_off(project, monkeypatch)
        broken_off = html.unescape(olive.get("/runs/3").text)

    assert "it could not do its work. Why: benefits: credential benefits: set" in told
    assert "Who can help: claims-desk" in told
    assert (
        "payments is paused, and its work waits. Why: The county says that it is closed for maintenance." in told
    )
    assert "The run has ended.</p>" not in told
    assert f"The last run of {BOT} could not do its work." in needs
    assert 'href="/runs/2"' in needs
    assert "Olive Reyes" in told.partition("</dl>")[0]
    assert f"La última ejecución de {BOT} no pudo hacer su trabajo." in spanish
    with project.store() as store:
        (entry,) = (one for one in store.log.read() if one["event"] == "run.finished" and one["run"] == 2)
    assert entry["reason"] == "; ".join(outcome.failures)
    assert "Escríbalo como MM/DD/AAAA" in form
    assert '<option value="yes">sí</option>' in form
    assert "it could not do its work. Why: something unforeseen happened (OSError" in broken_off


def _break_off(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run that staff have begun end by an error before its workers begin."""

    def fail(_self: Project, _bot: Bot) -> Drafts:
        raise OSError

    monkeypatch.setattr(Project, "drafts", fail)
    with project.store(CLERK) as store:
        begun = store.start_run(BOT, "d" * 64, "person:olive")
    with pytest.raises(OSError):  # noqa: PT011  # it has no words
        run(project, BOT, by=begun, progress=lambda _ended, _all: None)
