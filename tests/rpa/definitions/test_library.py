"""The library: one wrong file harms nothing but what uses it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from rpa.definitions.library import Library
from rpa.definitions.vocabulary import Vocabulary
from rpa.errors import DefinitionError
from rpa.project import Project

BASE = Path(__file__).parents[2] / "definitions/base"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Project(BASE).vocabulary


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def library(project: Path, vocabulary: Vocabulary) -> Library:
    return Library.load(project / "bots", vocabulary)


def test_a_wrong_bot_stays_visible_with_its_reason(project: Path, vocabulary: Vocabulary) -> None:
    shutil.copy(project / "bots/permits.yaml", project / "bots/licences.yaml")
    change(project / "bots/licences.yaml", "bot: permits", "bot: licences")
    change(project / "bots/licences.yaml", "press: Save", "pres: Save")

    found = library(project, vocabulary)

    assert found.bot("permits").bot == "permits"
    assert set(found.bots) == {"permits", "licences"}
    with pytest.raises(DefinitionError, match="did you mean `press`"):
        found.bot("licences")


def test_a_mistake_in_a_page_map_stops_the_bots_that_use_it(project: Path, vocabulary: Vocabulary) -> None:
    change(project / "bots/systems/desk.yaml", "to: Saved", "to: Savd")

    found = library(project, vocabulary)

    for name in (lambda: found.bot("permits"), lambda: found.system("desk")):
        with pytest.raises(DefinitionError, match="there is no page `Savd`"):
            name()


def test_a_page_map_that_is_not_understood_is_one_mistake(project: Path, vocabulary: Vocabulary) -> None:
    change(project / "bots/systems/desk.yaml", "path: /menu", "paht: /menu")
    (project / "bots/systems/desk.yaml").rename(project / "bots/systems/front_desk.yaml")

    found = library(project, vocabulary)

    assert [problem.message for problem in found.problems()] == ["unknown key `paht`; did you mean `path`?"]


def test_a_bot_that_there_is_not_is_told_with_those_that_there_are(project: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(DefinitionError, match="no bot is called permit; known: permits"):
        library(project, vocabulary).bot("permit")


def test_a_changed_page_map_or_action_changes_the_digest(project: Path, vocabulary: Vocabulary) -> None:
    before = library(project, vocabulary).digest("permits")
    assert library(project, vocabulary).digest("permits") == before

    for name in ("systems/desk.yaml", "actions.py"):
        with (project / "bots" / name).open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
        assert library(project, vocabulary).digest("permits") != before
        before = library(project, vocabulary).digest("permits")


def test_credentials_are_checked_where_the_store_can_tell(project: Path, vocabulary: Vocabulary) -> None:
    change(project / "bots/permits.yaml", "reader: pdf-form", "reader: pdf-form, password: forms")

    known = replace(vocabulary, credentials=["form", "desks"])

    assert library(project, vocabulary).problems() == []
    assert [problem.message for problem in library(project, known).problems()] == [
        "no credential is called `forms`; did you mean `form`?",
        "no credential is called `desk`; did you mean `desks`?",
    ]
