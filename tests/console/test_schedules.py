"""Schedules in the hands of staff: what they see is what the ledger has, and what they do is done once."""

import re

from rpa.occurrence import State
from rpa.project import Project
from tests.console.client import Client
from tests.console.stage import CLERK

NOON = "claims-noon"


def test_the_next_times_are_told_by_the_office_clock_and_in_utc(people: dict[str, Client]) -> None:
    told = people["vic"].get("/schedules").text

    found = re.findall(
        r"\w{3}, (\w{3} \d+, \d{4}), 12:00\sPM (C\wT)</th><td[^>]*>\w{3}, ([^<]+), (\d+:00)\sPM UTC<", told
    )
    assert len(found) == 5
    assert all(local == utc and at == {"CST": "6:00", "CDT": "5:00"}[zone] for local, zone, utc, at in found)


def test_a_time_that_nobody_was_there_for_is_not_hidden(people: dict[str, Client]) -> None:
    told = people["vic"].get("/schedules").text

    assert told.count(">Missed<") >= 2
    assert "no service was there" in told
    assert "Unavailable" in told


def test_a_schedule_is_paused_once_by_somebody_with_a_reason(people: dict[str, Client], project: Project) -> None:
    olive = people["olive"]
    assert "Write a reason" in olive.post(f"/schedules/{NOON}/pause").text
    assert olive.post(f"/schedules/{NOON}/pause", {"reason": "The office is closed"}).to == "/schedules"
    again = olive.post(f"/schedules/{NOON}/pause", {"reason": "Once more"})
    with project.store(CLERK) as store:
        paused = store.occurrences.paused()[NOON]
        done = [entry for entry in store.log.read() if entry["event"] == "schedule.paused"][-1]
    resumed = olive.post(f"/schedules/{NOON}/resume", {"reason": "Open again"})

    assert (again.status, paused) == (409, "The office is closed")
    assert done["actor"]["name"] == "Olive Reyes"
    assert resumed.to == "/schedules"


def test_run_now_is_asked_for_in_the_name_of_the_person(people: dict[str, Client], project: Project) -> None:
    assert people["olive"].post(f"/schedules/{NOON}/run-now").to == f"/schedules?asked={NOON}"

    with project.store(CLERK) as store:
        (wanted,) = (one for one in store.occurrences.newest(NOON) if one.kind == "person")
    assert (wanted.by, wanted.state) == ("person:olive", State.WAITING)
    assert "now, by olive" in people["vic"].get("/schedules").text


def test_a_schedule_that_holds_a_mistake_can_not_be_run(people: dict[str, Client]) -> None:
    assert people["olive"].post("/schedules/claims-wrong/run-now").status == 404
