"""The guide for a first bot, done as it says: its files, its commands, and what it says one will see.

The guide steers the walk by comments that a reader does not see: `file`, `more` (below it), `line` (one more, at the
end of the list), `change`, `wait` (until the system holds the claim) and `out`. What the commands print
is written anew by `RPA_WRITE_GOLDEN=1 pytest tests/acceptance/test_write_a_bot.py`.
"""

import getpass
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fixtures.systems.common import ROOT, RunningSystem, running

GUIDE = ROOT / "docs" / "write-a-bot.md"
HOME = "~/claims"
WAIT = 60

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
    (r"\d+\.\d s\b|\d+ a minute|\d+ entries", "N"),
)
"""What no two walks have in common."""


@dataclass
class Walk:
    """A reader with the guide in hand, in a folder of their own."""

    folder: Path
    systems: ExitStack
    codes: list[tuple[str, int]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    seen: str = ""
    system: RunningSystem | None = None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        return self.folder / "claims"

    def go(self, step: re.Match[str]) -> str:
        """Do one step; return how the guide should tell it."""
        if step["word"]:
            self.write(self.project / step["name"], step["word"], step["text"])
        elif step["path"]:
            self.change(self.project / step["path"], step["old"], step["new"])
        elif step["claim"]:
            self.wait(step["claim"])
        elif step["sh"]:
            for line in step["sh"].splitlines():
                self.type(line)
        else:
            return self.look(step)
        return step[0]

    def write(self, path: Path, word: str, text: str) -> None:
        before = path.read_text("utf-8") if word != "file" else ""
        after = before.replace("]\n", f"{text}]\n", 1) if word == "line" else before + text
        path.write_text(after, "utf-8")

    def change(self, path: Path, old: str, new: str) -> None:
        before = path.read_text("utf-8")
        assert before.count(old) == 1, f"{old} stands {before.count(old)} times in {path.name}"
        path.write_text(before.replace(old, new), "utf-8")

    def wait(self, claim: str) -> None:
        assert self.system
        end = time.monotonic() + WAIT
        while not any(entry["claim_no"] == claim for entry in self.system.entries()):
            assert time.monotonic() < end, f"{claim} never came"
            time.sleep(0.1)

    def type(self, line: str) -> None:
        command = line.partition("  #")[0].strip()
        if command.startswith("export RPA_"):
            name, _, value = command.removeprefix("export ").partition("=")
            self.settings[name] = value
        elif "-m fixtures.systems.benefits" in command:
            self.start(command)
        elif command.startswith(("rpa ", "python ")) and "--headed" not in command:
            self.run(command)

    def start(self, command: str) -> None:
        """Run the system as the guide says, but on a free port and with a database of this walk's own."""
        slow = re.search(r"--slow-save (\d+)", command)
        self.systems.close()
        knobs = {"slow_save": float(slow[1]) if slow else 0.0}
        self.system = self.systems.enter_context(running("benefits", self.folder / "benefits.db", **knobs))
        self.settings["RPA_SYSTEMS__BENEFITS__URL"] = self.system.url

    def run(self, command: str) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            command.replace(HOME, str(self.project)),
            shell=True,  # noqa: S602  # a reader types into a shell
            cwd=self.project if self.project.exists() else self.folder,
            env={**os.environ, **self.settings, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=150,
            check=False,
        )
        self.codes.append((command, done.returncode))
        self.seen = "".join(
            line for line in done.stdout.splitlines(keepends=True) if "transactions ended" not in line
        )

    def look(self, step: re.Match[str]) -> str:
        seen = self.told(step["part"], step["words"])
        self.pairs.append((steady(step["shown"]), steady(seen)))
        return f"{step['head']}{seen}```"

    def told(self, part: str | None, words: str | None) -> str:
        text = self.seen.replace(str(self.project), HOME).replace(f"by {getpass.getuser()}", "by you")
        lines = [line.rstrip() for line in re.sub(r"([0-9a-f]{8})[0-9a-f]{56}", r"\1…", text).splitlines()]
        if part == "from":
            lines = lines[next(at for at, line in enumerate(lines) if str(words) in line) :]
        if part == "with":
            lines = [line for line in lines if str(words) in line]
        return "\n".join(lines).strip("\n") + "\n"


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
    for shown, seen in walk.pairs:
        assert seen == shown


def test_every_command_of_the_guide_ends_as_it_should(walk: Walk) -> None:
    needs_a_person = Counter(command for command, code in walk.codes if code == 3)
    wrong = Counter(command for command, code in walk.codes if code not in {0, 3})

    assert wrong == {"rpa check": 2}, "once for the missing pages, once for the typo"
    assert needs_a_person["rpa run claims"] == 3
    assert walk.codes[-1] == ("rpa queue", 0), "in the end nothing needs a person"


def test_each_claim_of_the_guide_is_in_the_system_once_and_as_the_list_has_it(walk: Walk) -> None:
    assert walk.system
    entered = {entry["claim_no"]: entry for entry in walk.system.entries()}

    assert len(walk.system.entries()) == len(entered)
    assert entered.keys() == {"CL-200001", "CL-200002", "CL-200003", "CL-200005"}
    assert entered["CL-200003"]["lost_on"] == "2026-02-03"
    assert [entered["CL-200001"][name] for name in ("member_no", "name", "loss_type", "plan", "amount")] == [
        "0012345",
        "Ana Ruiz",
        "Fire",
        "Standard",
        "1234.50",
    ]


def test_without_the_ledger_each_claim_is_found_in_the_system(walk: Walk) -> None:
    (walk.project / ".rpa").rename(walk.project / "kept")
    walk.run("rpa run claims")

    assert walk.system
    assert len(walk.system.entries()) == 4
    assert re.search(r"already entered +4\n", walk.seen)
