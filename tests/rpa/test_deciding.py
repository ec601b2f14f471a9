"""What a person decides of a record holds for all that follows from what it says."""

from pathlib import Path

from rpa.deciding import take_revision
from rpa.dispatcher import dispatch
from rpa.project import Project
from rpa.store.owner import Owner
from rpa.store.store import Store
from tests.rpa.triggers.coming import VISITS, project

SEARCHED = "- find: {Results: {Number: $number}}"
NUMBER = "    number: {from: visits, label: Number}\n"
DESK = "    desk: {from: visits, label: Desk}\n"


def come(visits: Project, store: Store, name: str, *rows: str) -> None:
    folder = visits.settings.folder / "nowhere"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(("Number,Desk", *rows)), "utf-8")
    dispatch(visits.drafts(visits.bot("visits")), store.start_run("visits", "d" * 64, "test"), store)


def test_a_revision_that_is_taken_waits_for_what_its_search_can_not_tell_it_from(tmp_path: Path) -> None:
    text = VISITS.replace(SEARCHED, SEARCHED.replace("$number", "$desk")).replace(NUMBER, NUMBER + DESK)
    (project(tmp_path) / "bots" / "visits.yaml").write_text(text.replace('== "none"', '!= "none"'), "utf-8")
    visits = Project(tmp_path)
    with visits.store() as store, Owner.hold(visits.settings.state_folder) as owner:
        come(visits, store, "first.csv", "1,east", "2,west")
        come(visits, store, "second.csv", "2,east")
        (waiting,) = store.waiting()
        take_revision(visits, store, waiting.id, reason="it was misread")

        assert store.reserve(owner, ["desk"]) is not None
        assert store.reserve(owner, ["desk"]) is None, "both searches would find the first one's entry"
