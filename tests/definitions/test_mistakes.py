"""Every kind of mistake that a definition can hold, and what its author is told.

Each folder e123_what_is_wrong/ is a case: it lies over base/, a small right project, and holds only the file with
the mistake, whose first line says what it is. error.txt is what `rpa check` prints. To add a case:

1. Copy the file from base/ into a new folder, make one mistake in it and say so on the first line.
2. Run `RPA_WRITE_GOLDEN=1 pytest tests/definitions/test_mistakes.py`, which writes error.txt.
3. Read error.txt as its author would. One mistake gets one message, two at most: where it stands, the word that
   was probably meant, what to do.
"""

import os
import shutil
from pathlib import Path

import pytest

from rpa.project import Project

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("e[0-9][0-9][0-9]_*"))


def told(*folders: Path, project: Path) -> str:
    """Lay *folders* over one another in *project* and return what is wrong with it."""
    for folder in folders:
        shutil.copytree(folder, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("error.txt"))
    opened = Project(project)
    problems = [*opened.library.problems(), *opened.schedules.problems(), *opened.triggers.problems()]
    return "".join(f"{problem}\n" for problem in problems).replace(f"{project.resolve()}/", "")


def test_nothing_is_wrong_with_the_project_under_the_cases(tmp_path: Path) -> None:
    assert told(HERE / "base", project=tmp_path) == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_told_where_it_stands_with_what_to_do(case: Path, tmp_path: Path) -> None:
    golden = case / "error.txt"

    said = told(HERE / "base", case, project=tmp_path)
    if os.environ.get("RPA_WRITE_GOLDEN"):
        golden.write_text(said, "utf-8")

    assert said == golden.read_text("utf-8")
    assert 1 <= said.count("\n") <= 2


def test_no_two_cases_have_one_number() -> None:
    numbers = [case.name[:4] for case in CASES]

    assert len(numbers) > 100
    assert len(set(numbers)) == len(numbers)
