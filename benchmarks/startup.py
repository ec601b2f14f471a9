"""How long the command line takes to answer."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.contest import Contender, Result, take_turns
from benchmarks.projects import ROOT, elapsed

RPA = str(Path(sys.executable).with_name("rpa"))


def run(_browser: Browser, rounds: int) -> Result:
    """Measure it, with Python itself beside it."""
    contenders = [
        Contender("help", "rpa --help", _command(RPA, "--help")),
        Contender("check", "rpa check, in this project", _command(RPA, "check")),
        Contender("python", "python -c pass", _command(sys.executable, "-c", "pass")),
    ]
    return Result(
        key="startup",
        title="Command line",
        unit="one start",
        contenders=contenders,
        times=take_turns(contenders, rounds),
        notes=("Wall time of a new process, from start to exit.",),
    )


def _command(*arguments: str) -> Callable[[], float]:
    def once() -> float:
        started = time.perf_counter()
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=False)
        took = elapsed(started)
        if done.returncode:
            raise RuntimeError(f"{arguments} failed: {done.stderr.decode()[-2000:]}")
        return took

    return once
