"""An office with two systems and some claims, and the commands that it uses; their output is kept like a log."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fixtures.systems.common import ROOT, running
from rpa.cli.demo import BOT, SECRETS
from tests.canary.search import Canaries, canaries
from tests.canary.watch import Watch

CLAIMS = ROOT / "fixtures/forms/claims"
TRUTH: Mapping[str, Any] = json.loads((CLAIMS / "truth.json").read_text("utf-8"))

LOUD = {
    "DEBUG": "pw:api,pw:protocol,pw:browser*",
    "PWDEBUG": "1",
    "NODE_DEBUG": "net,http,stream",
    "SSLKEYLOGFILE": "keys.log",
}
"""What somebody may have left in the environment: each makes a browser or its driver write down what it does."""

KEPT = frozenset({"inbox", "documents", "results", "systems", "credentials.toml"})
"""Where values are by design (docs/privacy.md): the office's files, what is made of them, systems, the store."""


class Office:
    """A project in *folder* with its first *count* claims, at systems that run."""

    def __init__(self, folder: Path, count: int, systems: Mapping[str, str]) -> None:
        self.folder = folder
        self.claims = sorted(TRUTH)[:count]
        self.wanted: Canaries = canaries(
            (TRUTH[name] for name in self.claims), (word for _, word in SECRETS.values())
        )
        self.found: set[str] = set()
        self.processes = 0
        self._environment = {**os.environ, **LOUD, "TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(ROOT)}
        for name, url in systems.items():
            self._environment[f"RPA_SYSTEMS__{name.upper()}__URL"] = url
        self._furnish()

    def _furnish(self) -> None:
        for part in ("tmp", "said", "inbox/claims", "bots/systems"):
            (self.folder / part).mkdir(parents=True)
        for name in self.claims:
            shutil.copy(CLAIMS / name, self.folder / "inbox/claims")
        shutil.copy(CLAIMS / "roster.xlsx", self.folder / "inbox")
        shutil.copy(ROOT / "bots/claims_intake.yaml", self.folder / "bots")
        for name in SECRETS:
            shutil.copy(ROOT / f"bots/systems/{name}.yaml", self.folder / "bots/systems")
        secrets = self.folder / "credentials.toml"
        secrets.touch(mode=0o600)
        tables = (
            f'[{name}]\nusername = "{user}"\npassword = "{word}"\n' for name, (user, word) in SECRETS.items()
        )
        secrets.write_text("".join(tables))
        (self.folder / "rpa.toml").write_text('[secrets]\nstore = "file"\n')

    def change_map(self, system: str, old: str, new: str) -> None:
        """Let a page map say *new* for *old*: what is not on the screen is told while the form is half full."""
        path = self.folder / f"bots/systems/{system}.yaml"
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    def does(self, *words: str) -> int:
        """Use a command, watched; keep what it says; return its exit code."""
        command = [sys.executable, "-c", "from rpa.cli.main import main; main()", *words, "--project", "."]
        said = self.folder / "said" / f"{'_'.join(words[:2])}.{len(list((self.folder / 'said').iterdir()))}"
        with said.open("wb") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
            with process, Watch(process.pid, self.folder / "tmp", self.wanted) as watch:
                code = process.wait()
        self.found |= watch.found
        self.processes += len(watch.processes)
        return code


@contextmanager
def office(folder: Path, count: int) -> Iterator[Office]:
    """Furnish an office whose systems run."""
    data = folder / "systems"
    data.mkdir(parents=True)
    with (
        running("benefits", data / "benefits.db", seed=CLAIMS / "seed_benefits.json") as benefits,
        running("payments", data / "payments.db") as payments,
    ):
        yield Office(folder, count, {"benefits": benefits.url, "payments": payments.url})


__all__ = ["BOT", "KEPT", "Office", "office"]
