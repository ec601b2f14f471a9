"""What an editor tells the author of a bot whose first line names the schema."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.definitions.schema import files
from rpa.definitions.vocabulary import Vocabulary
from tests.definitions.language_server import LanguageServer

ROOT = Path(__file__).parents[2]
GOOD = Path(__file__).parent / "good"
BOT = Path("bots/benefit_claims.yaml")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    with LanguageServer(tmp_path_factory.mktemp("editor")) as server:
        yield server


@pytest.fixture
def project(tmp_path: Path, vocabulary: Vocabulary) -> Path:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    (tmp_path / "bots/schema").mkdir()
    for name, text in files(vocabulary).items():
        (tmp_path / "bots/schema" / name).write_text(text, "utf-8")
    return tmp_path


def changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_the_schemas_beside_our_own_bots_are_those_of_the_program() -> None:
    beside = {path.name: path.read_text("utf-8") for path in (ROOT / "bots/schema").iterdir()}
    # In a process of its own: the actions of other tests' projects are known in this one.
    command = (
        "import json, pathlib; from rpa.definitions.schema import files; from rpa.project import Project;"
        "print(json.dumps(files(Project(pathlib.Path()).vocabulary)))"
    )
    ours = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, check=True)

    assert beside == json.loads(ours.stdout), "run `rpa schema` here"


@pytest.mark.parametrize("name", [BOT, "bots/systems/registry.yaml", "bots/systems/cashier.yaml"])
def test_a_right_definition_is_left_in_peace(server: LanguageServer, project: Path, name: str) -> None:
    server.open(project / name)

    assert server.diagnostics(project / name) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("label: Member ID", "lable: Member ID", "lable"),
        ("- press: Save", "- pres: Save", "pres"),
        ("type: money", "type: mony", "Value is not accepted"),
        ("times: 5", "times: 50", "maximum"),
        ("- press: Next\n", "- press: Next\n        see: Review\n", "more properties"),
    ],
)
def test_a_mistake_is_marked_on_its_line(
    server: LanguageServer, project: Path, right: str, wrong: str, told: str
) -> None:
    bot = changed(project / BOT, right, wrong)
    line = bot.read_text("utf-8").partition(wrong)[0].count("\n")

    server.open(bot)
    found = server.diagnostics(bot)

    assert [one["range"]["start"]["line"] for one in found] == [line]
    assert told in found[0]["message"]


def test_the_verbs_are_offered_with_what_they_do(server: LanguageServer, project: Path) -> None:
    bot = changed(project / BOT, "      - press: Search\n", "      - \n")

    server.open(bot)
    offered = {one["label"]: one for one in server.at("completion", bot, "$number}\n      - ")["items"]}

    verbs = {"open", "fill", "choose", "tick", "press", "attach", "see", "find", "expect", "keep", "county.stamp"}
    assert verbs <= set(offered)
    assert "Press a button or link once" in str(offered["press"]["documentation"])


@pytest.mark.parametrize(
    ("behind", "words"),
    [("reader: ", {"pdf-form", "excel"}), ("type: ", {"date", "us-ssn"}), ("where: ", {"right", "below"})],
)
def test_the_words_that_can_stand_there_are_offered(
    server: LanguageServer, project: Path, behind: str, words: set[str]
) -> None:
    server.open(project / BOT)
    offered = {one["label"] for one in server.at("completion", project / BOT, behind)["items"]}

    assert words <= offered


def test_a_key_says_what_it_is_for(server: LanguageServer, project: Path) -> None:
    server.open(project / BOT)

    assert "business key" in str(server.at("hover", project / BOT, "referen"))
