"""What a bot says of how urgent its records are, from the paper to the order in which they are entered."""

from datetime import datetime
from pathlib import Path

import pytest

from rpa.deciding import take_revision
from rpa.dispatcher import dispatch
from rpa.project import Project
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.urgency import USUAL
from rpa.work import Status, WorkItem
from tests.rpa.triggers.coming import VISITS, project

SAID = """\
    hardship: {from: visits, label: Hardship, type: yes-no}
    received: {from: visits, label: Received, type: date, format: YYYY-MM-DD, required: false}
  priority: 'hardship ? 86 : 100'
  deadline: 'received == null ? null : received + days(10)'
"""
AFTER = "    number: {from: visits, label: Number}\n"


@pytest.fixture
def visits(tmp_path: Path) -> Project:
    text = VISITS.replace(AFTER, AFTER + SAID).replace('number == "none"', 'number != "none"')
    (project(tmp_path) / "bots" / "visits.yaml").write_text(text, "utf-8")
    (tmp_path / "nowhere").mkdir()
    found = Project(tmp_path)
    assert [str(problem) for problem in found.library.problems()] == []
    return found


def come(visits: Project, store: Store, *rows: str) -> None:
    text = "\n".join(("Number,Hardship,Received", *rows))
    path = visits.settings.folder / "nowhere" / f"{len(text)}.csv"
    path.write_text(text, "utf-8")
    dispatch(visits.drafts(visits.bot("visits")), store.start_run("visits", "d" * 64, "test"), store)


def order(visits: Project, store: Store) -> list[WorkItem]:
    with Owner.hold(visits.settings.state_folder) as owner:
        found = iter(lambda: store.reserve(owner, ["desk"], "visits"), None)
        return [one.work_item for one in found if one is not None]


def test_records_are_entered_by_what_their_bot_says_of_them(visits: Project) -> None:
    today = datetime.now().astimezone().date()
    with visits.store() as store:
        come(visits, store, "plain,no,", f"due,no,{today}", f"hard,yes,{today}", "plain too,no,")
        found = order(visits, store)

    assert [item.reference for item in found] == ["hard", "due", "plain", "plain too"]
    assert [(item.priority, item.deadline is None) for item in found] == [
        (86, False),
        (100, False),
        (100, True),
        (100, True),
    ]


def test_a_revision_that_is_taken_is_as_urgent_as_it_says_and_an_erased_record_tells_nothing_of_it(
    visits: Project,
) -> None:
    with visits.store() as store:
        come(visits, store, "first,no,", "second,no,")
        come(visits, store, "second,yes,2026-11-02")
        (waiting,) = store.waiting()
        assert store.find("second")[0].deadline is None, "a revision changes nothing by itself"

        take_revision(visits, store, waiting.id, reason="the later one holds")
        item, _ = found = order(visits, store)
        assert [one.reference for one in found] == ["second", "first"]
        assert (item.priority, item.deadline) == (86, datetime(2026, 11, 12, 23, 59, 59, 999999).astimezone())

    with visits.store() as store:
        with Owner.hold(visits.settings.state_folder) as owner:
            taken = store.reserve(owner, ["desk"], "visits")
            assert taken is not None
            moved = store.move(taken.transaction, Status.IN_PROGRESS, owner)
            store.move(moved, Status.ALREADY_ENTERED, owner)
        held = store.personal.holding("second")
        store.personal.erase(held, "a rule", ())
        (erased,) = store.find("second")
        assert (erased.priority, erased.deadline) == (USUAL.priority, None)
