"""What a worker does that is killed at the worst moment; imported by its process, so that it is small."""

import os
import signal
import sys
from types import FrameType

from rpa.engines.local import Flags
from rpa.order import Order


def at_once(_order: Order, _said: Flags) -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def while_it_looks(order: Order, said: Flags) -> None:
    """Be killed in the middle of the look whether it was dismissed: with a lock taken, if there is one."""

    def kill(_frame: FrameType, event: str, _argument: object) -> None:
        if event == "c_return":
            at_once(order, said)

    sys.setprofile(kill)
    said.stop()
