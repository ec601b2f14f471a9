"""The guide for a first bot, done as it says: its files, its commands, and what it says one will see.

Comments that a reader does not see steer the walk: `file`, `more` (below it), `line` (one more, at the end of the
list), `change`, `wait` (until the system holds the claim) and `out`. What the commands print is written anew by
`RPA_WRITE_GOLDEN=1 pytest tests/acceptance/test_write_a_bot.py`.
"""

import getpass
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from fixtures.systems.common import ROOT, RunningSystem, running
from tests.commands import shown

GUIDE = ROOT / "docs" / "write-a-bot.md"
HOME = "~/claims"
"""Where the guide's reader works."""
ADDRESS = "http://127.0.0.1:8601"
"""Where the guide's reader runs the system."""
COMMANDS = ROOT / "docs" / "commands.md"
WAIT = 60
"""Seconds until a claim that was saved slowly must be there."""

STEP = re.compile(
    r"<!-- (?P<word>file|more|line): (?P<name>\S+) -->\n\n```\w+\n(?P<text>.*?)```\n"
    r"|<!-- change: (?P<path>\S+): (?P<old>.*?) => (?P<new>.*?) -->"
    r"|<!-- wait: (?P<claim>\S+) -->"
    r"|```sh\n(?P<sh>.*?)```"
    r"|(?P<head><!-- out(?:: (?P<part>from|with) (?P<words>[^\n]*?))? -->\n\n```text\n)(?P<shown>.*?)```",
    re.DOTALL,
)
VARYING = (
    (r"[0-9a-f]{8,16}…", "SHA…"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"),
    (r"\d+\.\d s\b|\d+ a minute|\d+ entr(?:y|ies)|\d+ bytes", "N"),
)
"""What no two walks have in common."""

pytestmark = pytest.mark.timeout(600)  # the whole walk, on a busy machine


@dataclass
class Walk:
    """A reader with the guide in hand: what they typed and how it ended, what they saw beside what was told."""

    folder: Path
    systems: ExitStack
    codes: list[tuple[str, int]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    seen: str = ""
    system: RunningSystem | None = None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        """The folder that the guide calls ~/claims."""
        return self.folder / "claims"

    def go(self, step: re.Match[str]) -> str:
        """Do one step; return how the guide should tell it."""
        if step["word"]:
            self._write(self.project / step["name"], step["word"], step["text"])
        elif step["path"]:
            self._change(self.project / step["path"], step["old"], step["new"])
        elif step["claim"]:
            self._wait(step["claim"])
        elif step["sh"]:
            for line in step["sh"].splitlines():
                self._type(line.partition("  #")[0].strip())
        else:
            return self._look(step)
        return step[0]

    def run(self, command: str) -> None:
        """Run a command in the reader's shell; what it printed is then *seen*."""
        typed = command.replace(HOME, str(self.project))
        folder = self.project if self.project.exists() else self.folder
        words = shlex.split(typed)
        ours = words[0] == "rpa"
        done = shown(*words[1:], folder=folder, **self.settings) if ours else self._shell(typed, folder)
        self.codes.append((command, done.returncode))
        self.seen = "\n".join(line for line in done.stdout.splitlines() if "transactions ended" not in line)

    def _shell(self, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env={**os.environ, **self.settings, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=150,
            check=False,
        )

    def _write(self, path: Path, word: str, text: str) -> None:
        before = path.read_text("utf-8") if word != "file" else ""
        after = before.replace("]\n", f"{text}]\n", 1) if word == "line" else before + text
        path.write_text(after, "utf-8")

    def _change(self, path: Path, old: str, new: str) -> None:
        before = path.read_text("utf-8")
        assert before.count(old) == 1, f"{old} stands {before.count(old)} times in {path.name}"
        path.write_text(before.replace(old, new), "utf-8")

    def _wait(self, claim: str) -> None:
        assert self.system
        end = time.monotonic() + WAIT
        while not any(entry["claim_no"] == claim for entry in self.system.entries()):
            assert time.monotonic() < end, f"{claim} never came"
            time.sleep(0.1)

    def _type(self, command: str) -> None:
        if command.startswith("export RPA_"):
            name, _, value = command.removeprefix("export ").partition("=")
            self.settings[name] = value
        elif "-m fixtures.systems.benefits" in command:
            self._start(command)
        elif command.startswith(("rpa ", "python ")) and "--headed" not in command:
            self.run(command)

    def _start(self, command: str) -> None:
        """Run the system as the guide says, but on a free port and with a database of this walk's own."""
        slow = re.search(r"--slow-save (\d+)", command)
        self.systems.close()
        database, seconds = self.folder / "benefits.db", float(slow[1]) if slow else 0.0
        self.system = self.systems.enter_context(running("benefits", database, slow_save=seconds))
        self.settings["RPA_SYSTEMS__BENEFITS__URL"] = self.system.url

    def _look(self, step: re.Match[str]) -> str:
        seen = self._told(step["part"], step["words"])
        self.pairs.append((steady(step["shown"]), steady(seen)))
        return step[0] if steady(step["shown"]) == steady(seen) else f"{step['head']}{seen}```"

    def _told(self, part: str | None, words: str) -> str:
        """Return what was seen as the guide tells it: from a line on, or the lines with certain words alone."""
        text = self.seen.replace(str(self.project), HOME).replace(f"by {getpass.getuser()}", "by you")
        text = text.replace(self.system.url, ADDRESS) if self.system else text
        lines = [line.rstrip() for line in re.sub(r"([0-9a-f]{8})[0-9a-f]{56}", r"\1…", text).splitlines()]
        hits = [at for at, line in enumerate(lines) if part is None or words in line]
        chosen = lines[hits[0] :] if part != "with" else [line for at in hits for line in whole(lines[at:])]
        return "\n".join(chosen).strip("\n") + "\n"


def whole(lines: list[str]) -> list[str]:
    """Return the first of the lines with those below it that are moved in and belong to it."""
    return [lines[0], *takewhile(lambda line: line.startswith(" "), lines[1:])]


def steady(text: str) -> str:
    for pattern, word in VARYING:
        text = re.sub(pattern, word, text)
    return text


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with ExitStack() as systems:
        walk = Walk(tmp_path_factory.mktemp("reader"), systems)
        told = STEP.sub(walk.go, GUIDE.read_text("utf-8"))
        if os.environ.get("RPA_WRITE_GOLDEN"):
            GUIDE.write_text(told, "utf-8")
        yield walk


def test_a_reader_sees_what_the_guide_shows(walk: Walk) -> None:
    assert len(walk.pairs) > 10
    for told, seen in walk.pairs:
        assert seen == told


def test_every_command_of_the_guide_ends_as_it_should(walk: Walk) -> None:
    needs_a_person = Counter(command for command, code in walk.codes if code == 3)
    wrong = Counter(command for command, code in walk.codes if code not in {0, 3})

    assert wrong == {"rpa check": 2}, "once for the missing pages, once for the typo"
    assert needs_a_person["rpa run claims"] == 3
    assert walk.codes[-1] == ("rpa queue", 0), "in the end nothing needs a person"


def test_each_claim_of_the_guide_is_in_the_system_once_and_as_the_list_has_it(walk: Walk) -> None:
    assert walk.system
    entries = walk.system.entries()
    entered = {entry["claim_no"]: entry for entry in entries}
    first = entered["CL-200001"]

    assert len(entries) == len(entered)
    assert entered.keys() == {"CL-200001", "CL-200002", "CL-200003", "CL-200005"}
    assert entered["CL-200003"]["lost_on"] == "2026-02-03"
    assert (first["member_no"], first["name"], first["loss_type"]) == ("0012345", "Ana Ruiz", "Fire")
    assert (first["plan"], first["amount"]) == ("Standard", "1234.50")


@pytest.mark.parametrize(
    "command",
    [
        "check",
        "read claims",
        "rehearse claims --reference CL-200001",
        "run claims",
        "queue",
        "show CL-200001",
        "audit verify",
        "doctor",
    ],
)
def test_json_has_the_keys_that_the_commands_page_shows(walk: Walk, command: str) -> None:
    verb = command.split(maxsplit=1)[0]
    found = re.search(
        rf"^## rpa {verb}\n.*?```json\n(.*?)```", COMMANDS.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found, f"docs/commands.md shows no JSON of rpa {verb}"
    walk.run(f"rpa {command} --json")
    told, printed = json.loads(found[1]), json.loads(walk.seen.splitlines()[0])

    assert printed.keys() == told.keys()
    for key in printed.keys() & {"transactions"}:
        assert keys_of(printed[key]) == keys_of(told[key])


def keys_of(value: Any) -> set[str]:
    return set(value[0] if isinstance(value, list) else value)


def test_without_the_ledger_each_claim_is_found_in_the_system(walk: Walk) -> None:
    (walk.project / ".rpa").rename(walk.project / "kept")
    walk.run("rpa run claims")

    assert walk.system
    assert len(walk.system.entries()) == 4
    assert re.search(r"already entered +4\n", walk.seen)
