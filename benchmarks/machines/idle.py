"""`rpa worker` whose transactions enter nothing: `python -m benchmarks.machines.idle FOLDER`."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

from rpa.engines.local import Flags
from rpa.engines.procrastinate import crew, standing
from rpa.order import Order
from rpa.store.queue import Reserved
from rpa.work import Status
from rpa.worker import Worker
from tests.rpa.engines.office import SYSTEM


def perform(self: Worker, reserved: Reserved) -> None:
    """Say that it was entered, in all the moves that it takes."""
    moved = reserved.transaction
    for status in (Status.IN_PROGRESS, Status.SUBMITTING, Status.CONFIRMED):
        moved = self.store.move(moved, status, self.owner)


def stand(order: Order, said: Flags) -> None:
    """Be a worker that enters nothing."""
    setattr(Worker, "_perform", perform)  # noqa: B010  # not exported: it is the worker's own
    standing.stand(order, said)


def main(folder: str) -> None:
    """Work until told to stop."""
    setattr(crew, "stand", stand)  # noqa: B010  # likewise
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        crew.keep_working(Path(folder), [SYSTEM], None, print)


if __name__ == "__main__":
    main(sys.argv[1])
