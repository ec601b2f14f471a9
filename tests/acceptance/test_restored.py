"""A backup of the ledger is put back after the records were entered: none of them is entered a second time."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rpa.project import Project
from rpa.runner import run
from rpa.work import Status
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("restored")) as one:
        yield one


def backed_up(folder: Path) -> Path:
    """Copy the ledger while nobody has it open."""
    return Path(shutil.copytree(folder / ".rpa", folder.parent / f"{folder.name}-backup"))


def put_back(folder: Path, backup: Path) -> None:
    """Put the database alone back, as somebody does after it was damaged."""
    for one in (folder / ".rpa").glob("ledger.db*"):
        one.unlink()
    for one in backup.glob("ledger.db*"):
        shutil.copy(one, folder / ".rpa")


def without_search(bot: Path) -> None:
    """Let the bot take the page after the press for evidence."""
    head, _, rest = bot.read_text("utf-8").partition("    search:\n")
    middle = rest.partition("    create:\n")[2].partition("    confirm:\n")[0]
    confirm = "    confirm:\n      - keep: {receipt: Reference}\n"
    bot.write_text(f"{head}    create:\n{middle}{confirm}", encoding="utf-8")


def test_what_a_restored_ledger_has_forgotten_is_found_in_the_system(benefits: Lane) -> None:
    folder = benefits.project("CL-930001")
    backup = backed_up(folder)
    assert benefits.settle(folder) is Status.CONFIRMED
    put_back(folder, backup)
    page_map = folder / "bots" / "systems" / "benefits.yaml"
    page_map.write_text(page_map.read_text("utf-8").replace("settle: 2s", "settle: 10s"), encoding="utf-8")

    assert benefits.settle(folder) is Status.ALREADY_ENTERED

    assert benefits.rows("CL-930001") == 1
    with Project(folder).store() as store:
        at = {entry.get("to", entry["event"]): datetime.fromisoformat(entry["at"]) for entry in store.log.read()}
    assert at["already_entered"] - at["ledger.restored"] >= timedelta(seconds=10), "a search was believed too soon"


def test_where_the_system_can_not_be_asked_a_person_is(benefits: Lane) -> None:
    folder = benefits.project("CL-930002")
    backup = backed_up(folder)
    assert benefits.settle(folder) is Status.CONFIRMED
    put_back(folder, backup)
    without_search(folder / "bots" / "benefits.yaml")

    ran = rpa("run", benefits.bot, folder=folder)
    listed = rpa("queue", folder=folder)

    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert "an older copy was put back" in ran.stdout
    assert "older copy that was put back: look whether benefits holds it" in " ".join(listed.stdout.split())
    assert benefits.rows("CL-930002") == 1


def test_a_run_that_has_not_read_all_does_not_make_the_ledger_trusted(benefits: Lane) -> None:
    folder = benefits.project("CL-930003")
    shutil.rmtree(folder / ".rpa")  # the document was not read yet when the backup was made
    with Project(folder).store():
        pass
    backup = backed_up(folder)
    without_search(folder / "bots" / "benefits.yaml")
    assert rpa("run", benefits.bot, folder=folder).returncode == 0
    put_back(folder, backup)
    project = Project(folder)
    (document,) = project.bot(benefits.bot).documents

    run(project, benefits.bot, by="test", progress=lambda *_: None, files={document: "arrived/*.csv"})
    run(project, benefits.bot, by="test", progress=lambda *_: None)

    assert benefits.rows("CL-930003") == 1
    with project.store() as store:
        assert "older copy" in str(store.transactions(store.find("CL-930003")[0].id)[0].reason)
