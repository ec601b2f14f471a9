"""Time that no clock setting touches."""

import time
from datetime import timedelta

import pytest

from rpa import uptime


def test_a_clock_that_is_set_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = uptime.mark()
    monkeypatch.setattr(time, "time", lambda: 0.0)

    assert timedelta() <= uptime.since(marked) < timedelta(seconds=30)


def test_what_was_before_the_last_boot_is_as_long_ago_as_that_at_least() -> None:
    running = timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))

    for marked in ("another-boot 99999999999", None):
        assert abs(uptime.since(marked) - running) < timedelta(seconds=30)
