"""Waiting for what another process does."""

import time
from collections.abc import Callable


def wait_for(there: Callable[[], bool]) -> None:
    """Wait until it is *there*; fail after a minute and a half."""
    ends = time.monotonic() + 90
    while not there():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)
