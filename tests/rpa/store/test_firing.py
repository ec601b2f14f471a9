"""What fires, and what becomes of what was missed or came too soon: once, whoever asks, and all in the log."""

import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rpa.definitions.schedule import Schedule
from rpa.errors import BusinessException
from rpa.occurrence import Occurrence, State
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.timetable import plan
from tests.rpa.store.firing_child import BEGIN, SECONDS
from tests.rpa.store.ledgers import ROOT, both, events, opened

NEW_YORK = ZoneInfo("America/New_York")


def schedule(**said: Any) -> Schedule:
    base = {"schedule": "evening", "bot": "claims", "cron": "0 18 * * *", "timezone": "America/New_York"}
    return Schedule.model_validate({**base, **said})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def fired(store: Store, one: Schedule, *at: str) -> list[tuple[str, str]]:
    """Ask at each of these times; return what was written down the last time."""
    found: list[Occurrence] = []
    for moment in at:
        found = store.occurrences.fire([plan(one)], local(moment))
    return [(written.nominal, str(written.state)) for written in found]


@both
def test_four_schedulers_fire_each_of_200_times_once(folder: Path, store: Store) -> None:
    del store  # made; four others open it
    child = Path(__file__).parent / "firing_child.py"
    subprocess.run([sys.executable, str(child), str(folder)], env={"PYTHONPATH": str(ROOT)}, check=True)

    with opened(folder) as store:
        found = store.occurrences.newest(limit=1000)
        counted = Counter(entry["event"] for entry in store.log.read())
        assert store.log.verify().problems == ()
    assert len(found) == SECONDS
    assert {one.due for one in found} == {BEGIN + timedelta(seconds=n + 1) for n in range(SECONDS)}
    assert counted["schedule.fired"] == SECONDS


def test_a_schedule_has_missed_nothing_before_it_was_first_seen(store: Store) -> None:
    assert fired(store, schedule(), "2026-11-20T19:00") == []
    assert fired(store, schedule(), "2026-11-21T18:00") == [("2026-11-21T18:00", "waiting")]
    assert fired(store, schedule(), "2026-11-21T18:00") == []


@pytest.mark.parametrize(
    ("policy", "states"),
    [
        ("run_once", ["missed", "missed", "waiting"]),
        ("run_all", ["waiting", "waiting", "waiting"]),
        ("skip", ["missed", "missed", "missed"]),
    ],
)
def test_after_a_weekend_without_a_service_is_done_what_the_schedule_says(
    store: Store, policy: str, states: list[str]
) -> None:
    one = schedule(if_missed=policy)

    found = fired(store, one, "2026-11-20T12:00", "2026-11-23T08:00")

    assert [nominal for nominal, _ in found] == [f"2026-11-{day}T18:00" for day in (20, 21, 22)]
    assert [state for _, state in found] == states
    trail = [entry for entry in store.log.read() if entry["event"] == "schedule.missed"]
    assert [entry["data"]["nominal"] for entry in trail] == [f"2026-11-{day}T18:00" for day in (20, 21, 22)]
    assert events(store).count("schedule.fired") == states.count("waiting")


def test_a_time_that_is_here_makes_up_for_those_that_were_missed(store: Store) -> None:
    found = fired(store, schedule(), "2026-11-20T12:00", "2026-11-22T18:00")

    assert [state for _, state in found] == ["missed", "missed", "waiting"]
    (reason,) = {entry["reason"] for entry in store.log.read() if entry["event"] == "schedule.missed"}
    assert reason == "no service was there; made up for by 2026-11-22T18:00"


def test_half_past_one_in_autumn_and_half_past_two_in_spring_fire_once(store: Store) -> None:
    for cron, begin, end, nominal in (
        ("30 1 * * *", "2026-10-31T12:00", "2026-11-01T12:00", "2026-11-01T01:30"),
        ("30 2 * * *", "2026-03-07T12:00", "2026-03-08T12:00", "2026-03-08T02:30"),
    ):
        one, found = schedule(schedule=f"at-{begin[5:7]}", cron=cron), []
        at = local(begin).timestamp()
        while at <= local(end).timestamp():
            found.extend(store.occurrences.fire([plan(one)], datetime.fromtimestamp(at, NEW_YORK)))
            at += 600

        assert [(written.nominal, written.state) for written in found] == [(nominal, State.WAITING)]


def test_a_time_that_comes_while_the_last_one_runs_is_skipped_queued_or_replaces_it(
    store: Store, owner: Owner
) -> None:
    for policy, state, left in (("skip", "skipped", 1), ("queue", "waiting", 2), ("replace", "waiting", 2)):
        one = schedule(schedule=policy, bot=f"bot-{policy}", if_still_running=policy)
        fired(store, one, "2026-11-20T12:00", "2026-11-20T18:00")
        assert store.occurrences.take(policy, "2026-11-20T18:00", owner)

        assert fired(store, one, "2026-11-21T18:00") == [("2026-11-21T18:00", state)]
        running = store.occurrences.newest(policy, "2026-11-20T18:00")[0]
        assert running.told_to_stop == (policy == "replace")
        assert sum(found.state in {"waiting", "running"} for found in store.occurrences.newest(policy)) == left
    assert "start.replaced" in events(store)
    assert [entry["reason"] for entry in store.log.read() if entry["event"] == "schedule.skipped"] == [
        "2026-11-20T18:00 is still running"
    ]


def test_one_that_waits_is_replaced_at_once(store: Store) -> None:
    one = schedule(if_still_running="replace", about="Replaces.")
    fired(store, one, "2026-11-20T12:00", "2026-11-20T18:00", "2026-11-21T18:00")

    assert [found.state for found in store.occurrences.newest("evening")] == ["waiting", "replaced"]


@both
def test_a_pause_lets_times_pass_and_each_is_written_down(store: Store) -> None:
    fired(store, schedule(), "2026-11-20T12:00")
    store.occurrences.pause("evening", "year-end closing")

    assert fired(store, schedule(), "2026-11-21T18:00") == [
        ("2026-11-20T18:00", "skipped"),
        ("2026-11-21T18:00", "skipped"),
    ]
    assert store.occurrences.paused() == {"evening": "year-end closing"}
    store.occurrences.resume("evening", "done")
    assert fired(store, schedule(), "2026-11-22T18:00") == [("2026-11-22T18:00", "waiting")]
    with pytest.raises(BusinessException, match="not paused"):
        store.occurrences.resume("evening", "again")
    with pytest.raises(BusinessException, match="paused already"):
        store.occurrences.pause("morning", "there is none")


def test_another_clock_has_missed_nothing_and_another_word_about_it_loses_nothing(store: Store) -> None:
    fired(store, schedule(), "2026-11-20T12:00")

    assert fired(store, schedule(about="Changed."), "2026-11-20T18:00") == [("2026-11-20T18:00", "waiting")]
    changed = schedule(cron="0 9 * * *", if_still_running="queue")
    assert fired(store, changed, "2026-11-23T08:00") == []
    assert fired(store, changed, "2026-11-23T09:00") == [("2026-11-23T09:00", "waiting")]


def test_a_clock_that_is_set_back_fires_nothing_again(store: Store) -> None:
    fired(store, schedule(), "2026-11-20T12:00", "2026-11-20T18:00")

    assert fired(store, schedule(), "2026-11-20T17:00", "2026-11-20T18:00") == []
    assert len(store.occurrences.newest("evening")) == 1


@both
def test_a_dead_process_loses_no_start_and_the_third_is_told(store: Store) -> None:
    fired(store, schedule(), "2026-11-20T12:00", "2026-11-20T18:00")

    for deaths in range(3):
        assert [one.deaths for one in store.occurrences.startable()] == [deaths]
        with store.hold() as dead:
            assert store.occurrences.take("evening", "2026-11-20T18:00", dead)
            assert store.occurrences.startable() == []  # its owner lives
    assert store.occurrences.startable() == []
    (one,) = store.occurrences.newest("evening")
    assert (one.state, one.reason) == (State.FAILED, "3 of its processes died")
    assert events(store)[-1] == "start.failed"


@both
def test_a_bot_runs_once_at_a_time_and_the_oldest_goes_first(store: Store, owner: Owner) -> None:
    for name, hour in (("late", 19), ("early", 18)):
        fired(store, schedule(schedule=name, cron=f"0 {hour} * * *"), "2026-11-20T12:00", f"2026-11-20T{hour}:00")
    fired(store, schedule(schedule="other", bot="other"), "2026-11-20T12:00", "2026-11-20T18:00")

    assert {one.name for one in store.occurrences.startable()} == {"early", "other"}
    assert store.occurrences.take("early", "2026-11-20T18:00", owner)
    assert {one.name for one in store.occurrences.startable()} == {"other"}
    assert store.occurrences.take("late", "2026-11-20T19:00", owner) is None


@both
def test_what_follows_a_run_is_written_down_with_its_end_and_once(store: Store, owner: Owner) -> None:
    fired(store, schedule(), "2026-11-20T12:00", "2026-11-20T18:00")
    one = store.occurrences.take("evening", "2026-11-20T18:00", owner)
    assert one is not None
    after = Occurrence(name="after", nominal="run 1", kind="schedule", bot="letters", due=one.due)

    for _ in range(2):
        store.occurrences.end(one, State.DONE, followers=[after])

    assert [found.name for found in store.occurrences.startable()] == ["after"]
    assert not store.occurrences.add(after)
    assert store.occurrences.newest("evening")[0].state is State.DONE
