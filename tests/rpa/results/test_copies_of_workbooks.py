"""A clerk finds behind each row of her workbook what became of it, and nothing that is not true of that row."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from rpa.dispatcher import dispatch
from rpa.project import Project
from rpa.results.copies import Copy, _free, write_copies
from rpa.store.owner import Owner
from rpa.work import Receipt, Status

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "fixtures" / "workbooks" / "cases.xlsx"
BOT = "django-cases"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project whose list of cases is taken in, and the first one confirmed."""
    (tmp_path / "bots" / "systems").mkdir(parents=True)
    bot = (ROOT / "bots" / "django_cases.yaml").read_text("utf-8")
    (tmp_path / "bots" / "django_cases.yaml").write_text(bot.replace("inbox/cases.xlsx", "inbox/*.xlsx"), "utf-8")
    shutil.copy(ROOT / "bots" / "systems" / "django_admin.yaml", tmp_path / "bots" / "systems")
    (tmp_path / "inbox").mkdir()
    shutil.copy(CASES, tmp_path / "inbox")
    take_in(Project(tmp_path))
    confirm_first(Project(tmp_path))
    return Project(tmp_path)


def take_in(project: Project) -> None:
    with project.store() as store:
        dispatch(project.drafts(project.bot(BOT)), store.start_run(BOT, "b" * 64, "test"), store)


def confirm_first(project: Project) -> None:
    with project.store() as store, Owner.hold(project.settings.state_folder) as owner:
        reserved = store.reserve(owner, ["django_admin"])
        assert reserved is not None
        begun = store.move(reserved.transaction, Status.IN_PROGRESS, owner)
        promised = store.move(begun, Status.SUBMITTING, owner)
        store.move(promised, Status.CONFIRMED, owner, receipt=Receipt(kept={"receipt": "=HYPERLINK(0)"}))


def rows(copy: Copy) -> Iterator[tuple[str, list[str]]]:
    """Yield for each row its case number as it is shown, and what was added behind it."""
    assert copy.path is not None, copy.problem
    for line in load_workbook(copy.path)["Cases"].iter_rows(min_row=4):
        number = line[0].value
        shown = f"{number:07}" if isinstance(number, int) else str(number)
        yield shown, [str(cell.value or "") for cell in line[10:13]]


def test_each_row_says_what_became_of_it(project: Project) -> None:
    (copy,) = write_copies(project, BOT)

    told = dict(rows(copy))
    assert copy.path == project.settings.state_folder / "results" / BOT / "cases.xlsx"
    assert next(iter(told.values()))[0].endswith("status")
    assert told["0004711"] == ["confirmed", "=HYPERLINK(0)", ""]
    assert told["0004712"] == ["new", "", ""]
    assert told["0004716"][0] == "rejected"
    assert "75 characters long" in told["0004716"][2]
    assert told["None"] == ["", "", ""], "the empty row"


def test_a_changed_row_is_not_said_to_be_entered(project: Project) -> None:
    inbox = project.folder / "inbox" / "cases.xlsx"
    workbook = load_workbook(inbox)
    for cell in workbook["Cases"][4]:
        if cell.value == "Note":
            workbook["Cases"].cell(5, cell.column).value = "another note"
    workbook.save(inbox)
    take_in(project)

    (copy,) = write_copies(project, BOT)

    assert dict(rows(copy))["0004711"] == ["other content", "", "see rpa queue"]
    assert dict(rows(copy))["0004712"] == ["new", "", ""], "a row that is known from the older list"


def test_a_copy_is_written_again_only_where_it_would_say_something_else(project: Project) -> None:
    def written() -> int:
        (copy,) = write_copies(project, BOT)
        assert copy.path is not None, copy.problem
        return copy.path.stat().st_ino

    first = written()
    assert written() == first
    with project.store() as store, Owner.hold(project.settings.state_folder) as owner:
        reserved = store.reserve(owner, ["django_admin"])
        assert reserved is not None
        store.move(reserved.transaction, Status.IN_PROGRESS, owner)
    second = written()
    assert second != first
    (project.settings.state_folder / "results" / BOT / "cases.xlsx").write_bytes(b"a clerk saved something else")
    third = written()
    assert dict(rows(write_copies(project, BOT)[0]))["0004711"][0] == "confirmed"
    bot = project.folder / "bots" / "django_cases.yaml"
    bot.write_text(bot.read_text("utf-8") + "notify: [desk]\n", "utf-8")
    changed = Project(project.folder)
    assert write_copies(changed, BOT)[0].path is not None
    assert (project.settings.state_folder / "results" / BOT / "cases.xlsx").stat().st_ino != third


def test_a_broken_note_of_what_was_written_is_no_hindrance(project: Project) -> None:
    write_copies(project, BOT)
    (project.settings.state_folder / "results" / BOT / ".copies.json").write_text('{"cases.xlsx": 1}')

    (copy,) = write_copies(project, BOT)

    assert copy.path is not None


def test_a_signed_workbook_has_no_copy_and_the_reason_is_told(project: Project) -> None:
    sign(project.folder / "inbox" / "cases.xlsx")

    (copy,) = write_copies(project, BOT)

    assert copy.path is None
    assert "signed" in str(copy.problem)


@pytest.mark.parametrize("size", ["1:3", "A:C"])
def test_a_sheet_that_lies_about_its_size_does_not_keep_the_end_of_a_run_from_being_told(
    project: Project, size: str
) -> None:
    inbox = project.folder / "inbox"
    shutil.copy(CASES, inbox / "cases_other.xlsx")
    said = f'<dimension ref="{size}"'
    change(inbox / "cases.xlsx", "xl/worksheets/sheet1.xml", rb'<dimension ref="[^"]*"', said)

    lying, other = write_copies(project, BOT)

    assert (lying.name, lying.path) == ("cases.xlsx", None)
    assert "damaged" in str(lying.problem)
    assert other.path is not None


def test_what_nobody_foresaw_of_one_copy_is_told_without_its_words(project: Project) -> None:
    inbox, folder = project.folder / "inbox", project.settings.state_folder / "results" / BOT
    shutil.copy(CASES, inbox / "cases_other.xlsx")
    (folder / "cases.xlsx").mkdir(parents=True)  # a file can't take its place

    first, other = write_copies(project, BOT)

    assert first.path is None
    assert str(first.problem).startswith("something unforeseen happened (IsADirectoryError at copies.py:")
    assert str(folder) not in str(first.problem)
    assert other.path is not None


def test_no_copy_takes_the_place_of_another(tmp_path: Path) -> None:
    names: list[str] = []
    for path in ("a/list.xlsx", "a/list (2).xlsx", "b/list.xlsx", "b/LIST.xlsx"):
        names.append(_free(tmp_path / path, set(map(str.casefold, names))))

    assert names == ["list.xlsx", "list (2).xlsx", "list (3).xlsx", "LIST (4).xlsx"]


def sign(path: Path) -> None:
    """Have the workbook say that it is signed."""
    origin = (
        '<Relationship Id="s" Type="http://x/relationships/digital-signature/origin" Target="o"/></Relationships>'
    )
    change(path, "_rels/.rels", b"</Relationships>", origin)


def change(path: Path, part: str, old: bytes, new: str) -> None:
    """Replace the pattern *old* in a part of a workbook."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part], times = re.subn(old, new.encode(), parts[part])
    assert times
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
