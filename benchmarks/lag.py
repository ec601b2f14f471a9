"""`make lag`: how soon a time is written down once it has come, with 10,000 schedules in the clock.

Half of the schedules come once within the bench's minute, spread over its seconds; the others, like those of an
office, at another time of the day. Real clock, real ledger. The last line is one JSON object: the seconds to load
all, and the lag.
"""

import json
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.definitions.schedule import Schedule
from rpa.occurrence import Plan
from rpa.service.clock import Clock
from rpa.service.service import TOGETHER
from rpa.store.store import Store
from rpa.timetable import Timetable, plan

SCHEDULES = 10_000
SECONDS = 60
LEAD = 15
"""Seconds until the first of them: they are loaded meanwhile."""

LOAD_MOST, LAG_MOST = 5.0, 1.0


def schedules(begin: datetime) -> list[Schedule]:
    """Return the schedules; the times of every other one are in the minute from *begin* on."""
    found = []
    for number in range(SCHEDULES):
        at = begin + timedelta(seconds=number * SECONDS / SCHEDULES)
        said = (
            {"every": "1d", "start": begin.date().isoformat()}
            if number % 2
            else {"cron": f"{number % 60} 3 * * *"}
        )
        one = Schedule.model_validate({"schedule": f"s-{number}", "bot": "b", "timezone": "UTC", **said})
        # An interval is counted from midnight; here from the second at which it is to come.
        found.append(one.model_copy(update={"every": at - midnight(begin)}) if number % 2 else one)
    return found


def midnight(at: datetime) -> datetime:
    """Return the midnight before *at*."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def main() -> int:
    """Measure, and print the figures."""
    lags: list[float] = []
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LEAD)
    every = schedules(begin)
    plans: dict[str, Plan] = {one.schedule: plan(one) for one in every}
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / ".rpa", actor=Actor(kind="schedule", id="lag", name="lag")) as store,
    ):

        def record(names: Sequence[str]) -> None:
            for first in range(0, len(names), TOGETHER):
                found = store.occurrences.fire(
                    [plans[name] for name in names[first : first + TOGETHER]], datetime.now(UTC)
                )
                lags.extend((datetime.now(UTC) - one.due).total_seconds() for one in found)

        clock = Clock(record, lambda error: print(error, file=sys.stderr))
        began = time.monotonic()
        record(list(plans))
        for one in every:
            clock.set(Timetable(one))
        clock.start()
        loaded = time.monotonic() - began
        time.sleep(max(0.0, (begin - datetime.now(UTC)).total_seconds()) + SECONDS + 3)
        clock.stop()
    lags.sort()
    told = {
        "schedules": SCHEDULES,
        "load_seconds": round(loaded, 2),
        "fired": len(lags),
        "lag_p50": round(lags[len(lags) // 2], 3),
        "lag_p99": round(lags[math.ceil(len(lags) * 0.99) - 1], 3),
        "lag_most": round(lags[-1], 3),
    }
    print(json.dumps(told))
    good = loaded < LOAD_MOST and told["lag_p99"] < LAG_MOST and len(lags) >= SCHEDULES // 2
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
