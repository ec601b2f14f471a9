"""What a newcomer reads is true: commands exist, links lead somewhere, figures and examples are the real ones."""

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest

from rpa.cli.main import VERBS, rpa

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = ROOT / "docs" / "commands.md"
STARTS = re.compile(r"(?:^|[`(] ?|&& |; )(?:\.venv/bin/)?rpa ([a-z][^`;&\n]*)", re.MULTILINE)
STANDS_FOR = {"BOT", "REFERENCE", "ENTRY", "FOLDER", "VERB", "NAME"}


def text(page: Path) -> str:
    return page.read_text("utf-8")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every command that a page says, and its words."""
    for page in PAGES:
        for found in STARTS.finditer(text(page)):
            words = re.sub(r"[\[\]]|  #.*", "", found[1]).replace("...", "x")
            yield page.name, shlex.split(words.partition("|")[0])


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Yield every command that can be typed, with its words."""
    for verb in VERBS:
        command = rpa.get_command(click.Context(rpa), verb)
        assert command is not None
        yield verb, command
        for name, part in getattr(command, "commands", {}).items():
            yield f"{verb} {name}", part


LEAVES = dict(leaves())


def slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def section(heading: str) -> str:
    found = re.search(rf"^(##+) {re.escape(heading)}\n(.*?)(?=^##|\Z)", text(COMMANDS), re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no heading `{heading}`"
    return found[2]


def test_every_command_that_a_page_names_exists() -> None:
    named = list(commands())

    assert len(named) > 30
    for page, words in named:
        name = " ".join(words[:2]) if " ".join(words[:2]) in LEAVES else words[0]
        assert words[0] in VERBS or words[0] in STANDS_FOR, f"{page}: rpa {' '.join(words)}"
        known = {option for one in LEAVES[name].params for option in one.opts} | {"--help"}
        said = {word for word in words if word.startswith("--")}
        assert said <= known, f"{page}: rpa {' '.join(words)}"


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_is_told_with_all_its_options(name: str) -> None:
    told = section(f"rpa {name.removesuffix(' verify')}")

    for parameter in LEAVES[name].params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            assert option in told, f"rpa {name}: {option} is not told"


def test_every_command_stands_under_its_own_verb() -> None:
    verb = ""
    for level, name in re.findall(r"^(##+) rpa (.*)$", text(COMMANDS), re.MULTILINE):
        verb = name if level == "##" else verb
        assert verb in VERBS, f"{level} rpa {name}"
        assert name.split()[0] == verb, f"rpa {name} stands under rpa {verb}"


def test_every_target_that_a_page_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"(?:^|`)make ([a-z-]+)", text(page), re.MULTILINE)}

    assert named >= {"demo", "test"}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        path, fragment = urlsplit(link).path, urlsplit(link).fragment
        if urlsplit(link).scheme:
            continue
        target = (page.parent / path) if path else page
        assert target.exists(), f"{page.name}: {link}"
        if fragment:
            headings = {slug(one) for one in re.findall(r"^#+ (.*)$", text(target), re.MULTILINE)}
            assert fragment in headings, f"{page.name}: {link}"


def test_every_page_is_in_the_index() -> None:
    index = text(ROOT / "docs" / "README.md")

    assert [page.name for page in PAGES[1:] if page.name != "README.md" and f"]({page.name}" not in index] == []


def test_the_demonstration_ends_as_the_readme_shows() -> None:
    truth = json.loads(text(ROOT / "fixtures" / "forms" / "claims" / "truth.json"))
    claims = {one["fields"]["claim_no"] for one in truth.values()}
    ends = Counter(one["expected"] for one in truth.values())
    entered, there = ends["entered"], ends["already in benefits"]
    rejected = len(claims) - entered - there
    (shown,) = re.findall(r"<!-- demo -->\n\n```text\n(.*?)```", text(ROOT / "README.md"), re.DOTALL)

    assert f"Read: {len(truth)} documents" in shown
    assert re.search(rf"^entered +{entered} +{entered + there}$", shown, re.MULTILINE)
    assert re.search(rf"^already entered +{there} +0$", shown, re.MULTILINE)
    assert re.search(rf"^rejected +{rejected} +{rejected}$", shown, re.MULTILINE)
    assert f"{2 * (entered + there)} entries, 0 of them twice" in shown


def test_the_bot_in_the_readme_is_the_real_one_shortened() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", text(ROOT / "README.md"), re.DOTALL)
    real = text(ROOT / "bots" / "claims_intake.yaml").splitlines()

    assert [line for line in shown.splitlines() if line and line not in real] == []
