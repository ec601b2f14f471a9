"""How long it takes from the death of a machine until the one that stands by has its work, and has entered one."""

import signal
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from fixtures.systems.common import running
from tests.rpa.engines.office import Office, office
from tests.waiting import wait_for

DEATHS = 10
CLAIMS = 5
"""For each death: more than are entered before and after it."""

SAVES = 1.0
"""Seconds that a save takes, so that there is time to die over one."""

OWNER = "SELECT min(owner) FROM transactions WHERE owner IS NOT NULL"
NEXT = "SELECT count(*) FROM transactions WHERE owner <> %s"


def measured(folder: Path, sockets: Path) -> Mapping[str, object]:
    """Kill the machine at work again and again."""
    own = folder / "takeover"
    own.mkdir()
    with (
        running("benefits", own / "benefits.db", slow_save=SAVES) as system,
        office(own, sockets, system) as made,
        psycopg.connect(host=str(sockets), user="keyonce", dbname=made.database, autocommit=True) as watching,
        made.entering(DEATHS * CLAIMS),
    ):
        seen = [_death(made, watching) for _ in range(DEATHS)]
    reserved, entered = zip(*seen, strict=True)
    return {"deaths": DEATHS, "reserved_s": _figures(reserved), "entered_s": _figures(entered)}


def _death(made: Office, watching: "psycopg.Connection[tuple[object, ...]]") -> tuple[float, float]:
    """Kill all of the machine that works; return after how long another one has its work, and has entered one."""
    made.staff()
    made.wait_until_standing(len(made.machines))
    made.wait_until_one_more()
    made.wait_until_one_is_promised()
    (dead,) = watching.execute(OWNER).fetchone() or (None,)
    made.busy.signal(signal.SIGKILL)
    began = time.monotonic()
    wait_for(lambda: watching.execute(NEXT, [dead]).fetchone() != (0,))
    reserved = time.monotonic() - began
    made.wait_until_one_more()
    entered = time.monotonic() - began
    sys.stdout.write(f"reserved after {reserved:.2f} s, entered after {entered:.2f} s\n")
    return reserved, entered


def _figures(seconds: Sequence[float]) -> Mapping[str, float]:
    found = {"least": min(seconds), "median": statistics.median(seconds), "most": max(seconds)}
    return {name: round(value, 2) for name, value in found.items()}
