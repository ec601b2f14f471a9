"""`rpa worker` that waits for a silent server for seconds only: `python -m tests.rpa.engines.impatient FOLDER`."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

from rpa.engines.local import Flags
from rpa.engines.procrastinate import crew, delivery, standing
from rpa.order import Order
from rpa.store.databases import answered, postgresql
from tests.rpa.engines.office import SYSTEM


def be_impatient() -> None:
    """Shorten what is said in seconds."""
    answered.QUIET, answered.PROMPT = 2.0, 2
    delivery.HUNG = 10.0
    setattr(postgresql, "REACH_WITHIN", {**postgresql.REACH_WITHIN, "connect_timeout": 2})  # noqa: B010  # a constant


def stand(order: Order, said: Flags) -> None:
    """Be such a worker."""
    be_impatient()
    standing.stand(order, said)


def tell(words: str) -> None:
    """Say it at once: whoever waits for it reads a file."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(folder: str) -> None:
    """Work until told to stop."""
    be_impatient()
    setattr(crew, "stand", stand)  # noqa: B010  # not exported: it is the crew's own
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        crew.keep_working(Path(folder), [SYSTEM], None, tell)


if __name__ == "__main__":
    main(sys.argv[1])
