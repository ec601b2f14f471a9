"""One life of a run: the real runner and its real workers, each with the faults of the plan put into it.

`python -m tests.chaos.life FOLDER BOT`, with the plan's path in CHAOS_PLAN; CHAOS_NAIVE switches the protocol off.
"""

import multiprocessing
import os
import sys
from pathlib import Path

from rpa import worker
from rpa.engines import local
from rpa.project import Project
from rpa.runner import run
from rpa.worker import Order
from tests.chaos import naive
from tests.chaos.points import Points

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


if __name__ == "__main__":
    from tests.chaos import life

    life.main(*sys.argv[1:])
