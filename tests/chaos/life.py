"""One life of a run: the real runner and its real workers, each with the faults of the plan put into it.

`python -m tests.chaos.life FOLDER BOT`, with the plan's path in CHAOS_PLAN; CHAOS_NAIVE switches the protocol off.
`python -m tests.chaos.life FOLDER` is `rpa worker` on one of several machines.
"""

import multiprocessing
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from rpa import worker
from rpa.engines import local
from rpa.engines.procrastinate.crew import keep_working
from rpa.order import Order
from rpa.project import Project
from rpa.runner import run
from tests.chaos import naive
from tests.chaos.points import Points
from tests.chaos.weather import SYSTEMS

AS_BUILT = local._work


def work(works: local.Works, order: Order, said: local.Flags, words: "multiprocessing.Queue[str]") -> None:
    """Be a worker in whose way things are put."""
    Points(Path(os.environ["CHAOS_PLAN"]), order.system).watch_all()
    if os.environ.get("CHAOS_NAIVE"):
        setattr(worker, "perform", naive.perform)  # noqa: B010  # not exported: it is the worker's own
    AS_BUILT(works, order, said, words)


def main(folder: str, bot: str) -> None:
    """Run the bot until nothing is left that can be done now."""
    local._work = work  # by its name, which the workers' own processes import
    outcome = run(Project(Path(folder)), bot, by="chaos", progress=lambda _ended, _all: None)
    for words in outcome.failures:
        print(words)  # noqa: T201  # the supervisor keeps what is said


def machine(folder: str) -> None:
    """Work in all systems until told to stop."""
    local._work = work
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        keep_working(Path(folder), SYSTEMS, None, print)


if __name__ == "__main__":
    from tests.chaos import life

    (life.main if sys.argv[2:] else life.machine)(*sys.argv[1:])
