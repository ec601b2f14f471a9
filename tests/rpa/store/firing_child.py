"""Four schedulers that walk through the same 200 seconds on one ledger: `firing_child.py FOLDER`."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.definitions.schedule import Schedule
from rpa.timetable import plan
from tests.rpa.store.ledgers import opened

BEGIN = datetime(2026, 11, 1, 5, 58, tzinfo=UTC)
SECONDS = 200


def walk(folder: Path) -> None:
    """Be one scheduler; it looks every second, over the hour that comes twice."""
    schedule = Schedule.model_validate(
        {
            "schedule": "busy",
            "bot": "claims",
            "every": "1s",
            "timezone": "America/New_York",
            "if_still_running": "queue",
        }
    )
    with opened(folder, Actor(kind="schedule", id="clock", name="clock")) as store:
        for second in range(SECONDS + 1):
            store.occurrences.fire([plan(schedule)], BEGIN + timedelta(seconds=second))


if __name__ == "__main__":
    for _ in range(4):
        if os.fork() == 0:
            walk(Path(sys.argv[1]))
            os._exit(0)
    sys.exit(max(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(4)))
