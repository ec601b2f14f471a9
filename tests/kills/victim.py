"""A worker that kills its own process before or after one effect of its work, or stops it, or breaks its disk.

`python -m tests.kills.victim FOLDER BOT SYSTEM NUMBER before|after [HOW]`; with the number -1 it works to the end
and prints the name of each effect.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.order import Order
from rpa.store.store import Store
from rpa.worker import work
from tests.broken_disk import refuse_syncs

EFFECTS: tuple[tuple[type, str], ...] = (
    (Store, "reserve"),
    (Store, "move"),
    (Store, "note"),
    (Session, "open"),
    (Screen, "fill"),
    (Screen, "attach"),
    (Screen, "press"),
)
"""What changes something: in the ledger, in the browser, in the system."""


def die() -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def freeze() -> None:
    """Stop this process until somebody lets it go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


HOWS: Mapping[str, Callable[[], None]] = {"kill": die, "freeze": freeze, "sync": refuse_syncs}


class Killer:
    """Counts effects, and does to the process what it was told at the one that it was told."""

    def __init__(self, number: int, when: str, how: str = "kill") -> None:
        self.number = number
        self.when = when
        self.how = how
        self.seen: list[str] = []
        self._depth = 0

    def watch(self, owner: type, name: str) -> None:
        """Put this killer around a method."""
        does: Callable[..., Any] = getattr(owner, name)

        @wraps(does)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if self._depth:  # an effect inside another one is part of it
                return does(*args, **kwargs)
            number = len(self.seen)
            self.seen.append(f"{owner.__name__}.{name} {_detail(args)}".strip())
            self._kill(number, "before")
            self._depth += 1
            try:
                result = does(*args, **kwargs)
            finally:
                self._depth -= 1
            self._kill(number, "after")
            return result

        setattr(owner, name, watched)

    def _kill(self, number: int, when: str) -> None:
        if (number, when) == (self.number, self.when):
            HOWS[self.how]()


class Alone:
    """Says to a worker that there is only what is on the queue."""

    def stop(self) -> bool:
        """Say no."""
        return False

    def no_more_work(self) -> bool:
        """Say yes."""
        return True

    def others_failed(self) -> bool:
        """Say no: there are no others."""
        return False


def _detail(args: tuple[Any, ...]) -> str:
    return " ".join(str(one) for one in args[1:3] if isinstance(one, str))


def main(folder: str, bot: str, system: str, number: str, when: str, how: str = "kill") -> None:
    """Work as a worker does, until killed."""
    killer = Killer(int(number), when, how)
    for owner, name in EFFECTS:
        killer.watch(owner, name)
    work(Order(folder=Path(folder), bot=bot, system=system), Alone())
    print("\n".join(killer.seen))  # noqa: T201  # the caller counts the lines


if __name__ == "__main__":
    main(*sys.argv[1:])
