"""One round: a new project, ledger and pair of systems; lives in bad weather, then calm until all has ended."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from fixtures.systems.common import ROOT, RunningSystem, running
from rpa.errors import RpaError
from rpa.project import Project
from rpa.work import ENDED
from tests.chaos.claims import Claim, write_list
from tests.chaos.machines import Machines, family
from tests.chaos.weather import CALM, ON_MACHINES, OTHERS, SAVES, SYSTEMS, Life, lives
from tests.postgresql import server

BOT = "chaos-claims"
SAID = "said.log"
BOTS = Path(__file__).parent / "bots"
LIFE_S = 600.0
"""Seconds after which a life is called hung."""

CALM_LIVES = 12
"""Runs in calm weather in which everything has to come to its end."""

SIGN_INS = {"benefits": ("clerk1", "benefits-pass"), "payments": ("payuser", "payments-pass")}
KNOBS: Mapping[str, Mapping[str, float]] = {"benefits": {}, "payments": {"list_delay": 0.5}}


@dataclass
class Round:
    """A round and what it leaves for the checker. *lines* are what the runs said, *hung* how many never ended."""

    seed: str
    folder: Path
    claims: Sequence[Claim]
    naive: bool
    systems: dict[str, RunningSystem] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    hung: int = 0
    machines: Machines | None = None

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.folder / "project"

    def play(self) -> None:
        """Go through the weather, then on in calm until nothing is left to do."""
        self._lay_out()
        with ExitStack() as stack:
            for name in SYSTEMS:
                self._weather(name, SAVES, OTHERS)
                knobs: dict[str, str | float | Path] = {**KNOBS[name], "faults": self._plan(name)}
                self.systems[name] = stack.enter_context(running(name, self.folder / f"{name}.db", **knobs))
            for life in lives(self.seed, machines=self.machines is not None):
                self._live(life)
                self._resume()
            self._calm_down()
        self._count_faults()

    @contextmanager
    def on_machines(self) -> Iterator[None]:
        """Have the workers on two machines, and the ledger on a server, while the round is played and checked."""
        with server.server(self.folder) as sockets:
            self.machines = Machines(sockets, self.folder)
            self.machines.make_ledger()
            yield

    def _calm_down(self) -> None:
        for name in SYSTEMS:
            self._weather(name, 0, 0)
        for _ in range(CALM_LIVES):
            self._live(CALM)
            self._resume()
            if not self._open():
                return

    def _live(self, life: Life) -> None:
        """Run the bot once, with what this life brings, until it ends."""
        plan = self.folder / f"life_{len(self.lines):03}.json"
        plan.write_text(json.dumps(life.points), encoding="utf-8")
        with ExitStack() as stack:
            if self.machines is not None:
                for one in self.machines.processes(partial(self._start, plan)):
                    stack.enter_context(_nobody_left(one))
                stack.callback(self._stop_machines)
            process = self._start(plan, self.project, BOT)
            self.lines.append(life.ending)
            with _nobody_left(process):
                try:
                    process.wait(life.after if life.ending else LIFE_S)
                except subprocess.TimeoutExpired:
                    self._end(process, life.ending)

    def _start(self, plan: Path, folder: Path, *words: str) -> "subprocess.Popen[bytes]":
        with (self.folder / SAID).open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.life", str(folder), *words],
                cwd=ROOT,
                env={**os.environ, **self._environment(), "CHAOS_PLAN": str(plan)},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def _stop_machines(self) -> None:
        if self.machines is not None:
            self.hung += self.machines.stop()

    def _end(self, process: "subprocess.Popen[bytes]", ending: str) -> None:
        """End a run as the life says; one that has no such ending and does not end by itself has hung."""
        if not ending:
            self.hung += 1
            return
        self.faults.append(ending)
        if self.machines is not None and ending in ON_MACHINES:
            self.machines.suffer(ending)
        elif ending == "kill all":
            for started in (process, *(self.machines.running if self.machines else ())):
                for one in family(started.pid):
                    one.kill()
        else:
            process.send_signal(signal.SIGTERM if ending.startswith("terminate") else signal.SIGKILL)
        try:
            process.wait(LIFE_S)
        except subprocess.TimeoutExpired:
            self.hung += 1

    def _resume(self) -> None:
        """Let a paused system go on, as a person does who has looked."""
        try:
            with Project(self.project).store() as store:
                for state in store.systems():
                    if state.paused is not None:
                        store.resume_system(state.system, "looked at")
        except RpaError as problem:
            self.lines.append(f"cannot open the ledger: {problem}")

    def _open(self) -> bool:
        with Project(self.project).store() as store:
            items = store.work_items(BOT)
            statuses = [one.status for item in items for one in store.transactions(item.id)]
            left = store.has_open(list(SYSTEMS), BOT)
        return len(items) < len(self.claims) or (left and not ENDED.issuperset(statuses))

    def _lay_out(self) -> None:
        (self.project / "bots" / "systems").mkdir(parents=True)
        again = "enter_again" if self.seed[-1] in "13579" else "ask"
        bot = (BOTS / "claims.yaml").read_text("utf-8").replace("if_absent: ask", f"if_absent: {again}")
        (self.project / "bots" / "claims.yaml").write_text(bot, encoding="utf-8")
        for name in SYSTEMS:
            page_map = (ROOT / "bots" / "systems" / f"{name}.yaml").read_text("utf-8")
            quick = re.sub(r"settle: \d+s.*", "settle: 8s\ntimeout: 6s", page_map)
            (self.project / "bots" / "systems" / f"{name}.yaml").write_text(quick, encoding="utf-8")
        write_list(self.project / "claims.csv", self.claims)
        if self.machines is not None:
            self.machines.lay_out(self.project)

    def _environment(self) -> dict[str, str]:
        settings = {"CHAOS_NAIVE": "1"} if self.naive else {}
        for name, (user, password) in SIGN_INS.items():
            settings[f"RPA_SYSTEMS__{name.upper()}__URL"] = self.systems[name].url
            settings[f"RPA_CREDENTIAL_{name.upper()}_USERNAME"] = user
            settings[f"RPA_CREDENTIAL_{name.upper()}_PASSWORD"] = password
        return settings

    def _plan(self, system: str) -> Path:
        return self.folder / f"weather_{system}.json"

    def _weather(self, system: str, saves: float, others: float) -> None:
        plan = {"seed": sum(map(ord, self.seed + system)), "save": saves, "other": others}
        new = self._plan(system).with_suffix(".new")
        new.write_text(json.dumps(plan), encoding="utf-8")
        new.replace(self._plan(system))

    def _count_faults(self) -> None:
        for made in sorted(self.folder.glob("*.made")):
            where = f"{made.stem.removeprefix('weather_')}: " if made.stem.startswith("weather") else ""
            self.faults += [f"{where}{line}" for line in made.read_text("utf-8").splitlines()]

    def tidy(self) -> None:
        """Remove what is left of the round."""
        shutil.rmtree(self.folder)


@contextmanager
def _nobody_left(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Leave no process of a life behind: the workers of a run that was killed have time to end by themselves."""
    seen = family(process.pid)
    try:
        yield
    finally:
        seen = list({*seen, *family(process.pid), *_session(process.pid)})
        _, left = psutil.wait_procs(seen, timeout=60)
        for one in left:
            one.kill()
        process.wait()


def _session(leader: int) -> Iterator[psutil.Process]:
    """Yield the processes of the session that a life began, its orphans too."""
    for one in psutil.process_iter():
        try:
            if os.getsid(one.pid) == leader:
                yield one
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
