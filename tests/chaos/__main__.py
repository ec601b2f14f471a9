"""`python -m tests.chaos --transactions 2000 --seed 1 [--round N] [--engine E] [--naive]`: rounds, and a check."""

import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
import psutil

from rpa.errors import ExitCode
from tests.chaos.checker import Findings, as_line, check
from tests.chaos.claims import Claim
from tests.chaos.round import Round
from tests.chaos.weather import SYSTEMS

CLAIMS = 40
"""Claims of a round; each is two transactions."""

LANES = 3
"""Rounds that are played side by side."""


@dataclass
class Totals:
    """What all rounds came to."""

    findings: list[Findings] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def data(self) -> dict[str, int]:
        """Return the object of the last line."""
        kills = sum(
            count for kind, count in self.faults.items() if kind.startswith(("kill", "terminate", "crash"))
        )
        return {
            "transactions": sum(one.transactions for one in self.findings),
            "faults": sum(self.faults.values()),
            "kills": kills,
            "duplicates": sum(one.duplicates for one in self.findings),
            "lost": sum(one.lost for one in self.findings),
            "unexplained": sum(len(one.unexplained) for one in self.findings),
            "in_doubt": sum(one.ends["in_doubt"] for one in self.findings),
        }


@click.command()
@click.option("--transactions", default=2000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
@click.option("--round", "only", type=int, help="Play this round alone, as its line says.")
@click.option("--engine", default="local", show_default=True, type=click.Choice(["local", "procrastinate"]))
@click.option("--naive", is_flag=True, help="Switch the protocol off: the checker has to find duplicates.")
def main(transactions: int, seed: int, only: int | None, engine: str, *, naive: bool) -> None:
    """Enter claims while everything fails at random; count what was doubled, lost or can't be explained."""
    rounds = -(-transactions // (CLAIMS * len(SYSTEMS)))
    chosen = range(rounds) if only is None else [only]
    claims = -(-transactions // (rounds * len(SYSTEMS))) if only is None else CLAIMS
    totals = Totals()
    scratch = Path(tempfile.mkdtemp(prefix="chaos-"))
    signal.signal(signal.SIGINT, _break_off)
    for number, played, found in _played(scratch, chosen, seed, claims, engine, naive=naive):
        totals.findings.append(found)
        totals.faults.update(fault.partition("\t")[0] for fault in played.faults)
        _tell(number, seed, played, found)
    with suppress(OSError):  # rounds that found something are kept
        scratch.rmdir()
    _summary(totals)
    data = totals.data()
    click.echo(as_line(data))
    bad = bool(data["duplicates"] or data["lost"] or data["unexplained"])
    sys.exit(bad != naive)


def _break_off(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End at once, with all that the rounds have started: their threads would go on to the end."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(ExitCode.INTERRUPTED)


def _played(  # one for each option
    scratch: Path, numbers: Iterable[int], seed: int, claims: int, engine: str, *, naive: bool
) -> Iterable[tuple[int, Round, Findings]]:
    with ThreadPoolExecutor(LANES) as lanes:
        waiting = {
            lanes.submit(_play, scratch, number, seed, claims, engine, naive=naive): number for number in numbers
        }
        for done in as_completed(waiting):
            yield (waiting[done], *done.result())


def _play(  # likewise
    scratch: Path, number: int, seed: int, claims: int, engine: str, *, naive: bool
) -> tuple[Round, Findings]:
    begun = time.monotonic()
    folder = scratch / f"round_{number:03}"
    folder.mkdir()
    played = Round(f"{seed}/{number}", folder, [Claim.of(number, index) for index in range(claims)], naive)
    try:
        with played.on_machines() if engine == "procrastinate" else nullcontext():
            played.play()
            found = check(played)
    except Exception:  # noqa: BLE001  # what breaks one round off must not hide what the others found
        found = Findings(unexplained=[f"the round broke off: {traceback.format_exc()}"])
    played.lines.append(f"{time.monotonic() - begun:.0f} s")
    if not (found.duplicates or found.lost or found.unexplained):
        played.tidy()
    return played, found


def _tell(number: int, seed: int, played: Round, found: Findings) -> None:
    ends = ", ".join(f"{count} {status}" for status, count in sorted(found.ends.items()))
    click.echo(f"round {number} (SEED={seed}), {played.lines[-1]}: {len(played.faults)} faults; {ends}")
    if found.duplicates or found.lost or found.unexplained:
        click.echo(f"  {found.duplicates} duplicates, {found.lost} lost; kept in {played.folder}")
        for sentence in found.unexplained:
            click.echo(f"  {sentence}")


def _summary(totals: Totals) -> None:
    click.echo("")
    for kind, count in sorted(totals.faults.items()):
        click.echo(f"{count:>6}  {kind}")


if __name__ == "__main__":
    main()
