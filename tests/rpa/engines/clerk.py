"""A worker that enters without a browser; imported by its process, so that it is small."""

from pathlib import Path

from rpa import worker
from rpa.engines.local import Flags
from rpa.order import Order
from rpa.store.queue import Reserved
from rpa.work import Receipt, Status
from tests.waiting import wait_for


class Clerk(worker.Worker):
    """Takes its time over the desk: until the worker of the other system has found nothing left."""

    def _perform(self, reserved: Reserved) -> None:
        if self.order.system == "desk":
            wait_for(left(self.order.folder).exists)
        begun = self.store.move(reserved.transaction, Status.IN_PROGRESS, self.owner)
        self.store.move(begun, Status.ALREADY_ENTERED, self.owner, receipt=Receipt(kept={"receipt": "R-1"}))
        self.store.system_answered(self.order.system)


def left(folder: Path) -> Path:
    """Return what is there once the other system's worker has ended."""
    return folder / "left"


def enter(order: Order, said: Flags) -> None:
    """Be such a worker of a run."""
    setattr(worker, "Worker", Clerk)  # noqa: B010  # it stands in for a class
    worker.work(order, said)
    left(order.folder).touch()
