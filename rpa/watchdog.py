"""Ends what has had its time: the browser first, and this process where that is no help.

A thread of its own, since the worker's own may hang in a call; it works whatever the browser and its driver do.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.1
"""Seconds between two looks at the clock."""

LAST = 5.0
"""Seconds that a worker has, once its browser was ended, to write down what is to be written."""

NEVER = float("inf")


class Watchdog:
    """Watches one worker. Times are on the monotonic clock, so that no change of the clock moves them."""

    def __init__(self) -> None:
        self._transaction = NEVER
        self._stop = NEVER

    @contextmanager
    def watching(self, end_browser: Callable[[], None]) -> Iterator[None]:
        """Watch until the block ends."""
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over, end_browser), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    @contextmanager
    def transaction(self, seconds: float) -> Iterator[None]:
        """Let the block take so long and no longer."""
        self._transaction = time.monotonic() + seconds
        try:
            yield
        finally:
            self._transaction = NEVER

    def stop_within(self, seconds: float) -> None:
        """Let nothing be in hand any more after *seconds*. May be called by a signal: it takes no lock."""
        self._stop = min(self._stop, time.monotonic() + seconds)

    def _watch(self, over: threading.Event, end_browser: Callable[[], None]) -> None:
        while not over.wait(LOOK):
            late = time.monotonic() - min(self._transaction, self._stop)
            if late > 0:
                end_browser()
            if late > LAST:
                os.kill(os.getpid(), signal.SIGKILL)
