"""A project with one bot for one fixture system, so that each kill has a ledger of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fixtures.systems.common import ROOT, RunningSystem, running, said
from rpa.dispatcher import dispatch
from rpa.project import Project
from rpa.runner import run
from rpa.work import Status

AROUND = 4
"""Effects from the promise on: the promise itself, the press, what is noted, and the first look after it."""

BOTS = Path(__file__).parent / "bots"


@dataclass(frozen=True)
class Lane:
    """One system, and a place for the projects that enter records into it."""

    system: str
    running: RunningSystem
    folder: Path
    environment: Mapping[str, str]

    def project(self, reference: str) -> Path:
        """Lay out a project whose bot has the one record *reference* to enter, and read it onto the ledger."""
        folder = self.folder / reference
        (folder / "bots" / "systems").mkdir(parents=True)
        shutil.copy(BOTS / f"{self.system}.yaml", folder / "bots")
        page_map = (ROOT / "bots" / "systems" / f"{self.system}.yaml").read_text("utf-8")
        soon = re.sub(r"settle: \d+s", "settle: 2s", page_map)  # the system runs with a shorter list delay too
        (folder / "bots" / "systems" / f"{self.system}.yaml").write_text(soon, encoding="utf-8")
        (folder / "claims.csv").write_text(f"Claim No,Lost on\n{reference},2026-01-02\n", encoding="utf-8")
        project = Project(folder)
        with project.store() as store:
            started = store.start_run(self.bot, "0" * 64, "test")
            dispatch(project.drafts(project.bot(self.bot)), started, store)
        return folder

    @property
    def bot(self) -> str:
        """The bot that enters records into this system."""
        return f"kill-{self.system}"

    def command(self, folder: Path, number: int, when: str, how: str) -> list[str]:
        """Return the command of a worker to which *how* happens at effect *number*."""
        command = [sys.executable, "-m", "tests.kills.victim", folder, self.bot, self.system, number, when, how]
        return [str(word) for word in command]

    def victim(self, folder: Path, number: int, when: str, how: str = "kill") -> subprocess.CompletedProcess[str]:
        """Run a worker that kills itself at effect *number*, or breaks its disk."""
        return subprocess.run(
            self.command(folder, number, when, how),
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def effects(self, reference: str) -> list[str]:
        """Let a worker that nothing befalls enter *reference*; return the names of its effects."""
        ended = self.victim(self.project(reference), -1, "never")
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.splitlines()

    def settle(self, folder: Path) -> Status:
        """Start again as an operator would; return where the transaction ends."""
        outcome = run(Project(folder), self.bot, by="test", progress=lambda _ended, _all: None)
        assert not outcome.failures, outcome.failures
        ((_, status),) = [key for key, count in outcome.after.items() if count]
        return status

    def rows(self, reference: str) -> int:
        """Count the system's own entries for *reference*, behind the browser's back."""
        return sum(reference in entry.values() for entry in self.running.entries())


@contextmanager
def lane(system: str, folder: Path, **more: str | float) -> Iterator[Lane]:
    """Run the system, with *more* of its knobs turned, and tell this process and its children where it is."""
    user, password = {"benefits": ("clerk1", "benefits-pass"), "payments": ("payuser", "payments-pass")}[system]
    knobs = {"list_delay": 0.5} if system == "payments" else {}
    with running(system, folder / f"{system}.db", **{**knobs, **more}) as one:
        name = system.upper()
        environment = {
            f"RPA_SYSTEMS__{name}__URL": one.url,
            f"RPA_CREDENTIAL_{name}_USERNAME": user,
            f"RPA_CREDENTIAL_{name}_PASSWORD": password,
        }
        with said(environment):
            yield Lane(system, one, folder, environment)


def kill_everywhere(one: Lane) -> dict[str, Status]:
    """Kill a worker before and after each of its effects; return how each case ended after starting again.

    Asserts on the way that no kill lost or doubled an entry. Without `RPA_KILLS=all` only the effects around the
    promise are taken, where an entry can be lost or doubled, and after the press each kill only after its effect:
    between that and the next one nothing changes. `make kills` takes all, which is minutes.
    """
    effects = one.effects("CL-000000")
    assert one.rows("CL-000000") == 1, effects
    promise = promised(effects)
    whole = os.environ.get("RPA_KILLS") == "all"
    taken = range(len(effects)) if whole else range(promise, promise + AROUND)
    ends: dict[str, Status] = {}
    for number in taken:
        effect = effects[number]
        for when in ("before", "after") if whole or number <= promise + 1 else ("after",):
            reference = f"CL-{number + 1:03}{when == 'after':03}"
            folder = one.project(reference)
            killed = one.victim(folder, number, when)
            if killed.returncode == 0:  # the system showed its entry sooner than before: no such effect this time
                assert one.rows(reference) == 1
                continue
            assert killed.returncode == -signal.SIGKILL, killed.stderr
            ends[f"{when} {number} {effect}"] = _ended(one, folder, reference)
    return ends


def promised(effects: list[str]) -> int:
    """Return which of a worker's effects is the promise; the next one is the press."""
    return next(number for number, effect in enumerate(effects) if "submitting" in effect)


def _ended(one: Lane, folder: Path, reference: str) -> Status:
    status = one.settle(folder)
    rows = one.rows(reference)
    expected = {Status.CONFIRMED: {1}, Status.ALREADY_ENTERED: {1}, Status.IN_DOUBT: {0}}
    assert rows in expected.get(status, set()), f"{reference}: {status} with {rows} rows in the system"
    return status


def report(one: Lane, ends: Mapping[str, Status]) -> str:
    """Say how many kills there were and what came of them."""
    counts = {status: list(ends.values()).count(status) for status in sorted(set(ends.values()))}
    words = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"{one.system}: {len(ends)} kills, 0 duplicates, 0 lost; {words}"
