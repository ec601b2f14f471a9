"""What an editor tells the author of a bot whose first line names the schema."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.definitions.schema import bot_schema, system_schema
from rpa.definitions.vocabulary import Vocabulary
from tests.definitions.language_server import LanguageServer

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
    (tmp_path / "bots/schema/bot.schema.json").write_text(json.dumps(bot_schema(vocabulary)), "utf-8")
    (tmp_path / "bots/schema/system.schema.json").write_text(json.dumps(system_schema()), "utf-8")
    return tmp_path


def changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


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
