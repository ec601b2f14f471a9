"""A system that refuses or fails is left alone: no lock-out, no endless tries, one alert, and a way to go on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.project import Project
from rpa.work import Status
from tests.acceptance.test_cli import PASSWORD
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane

NOWHERE = "http://127.0.0.1:9"
URL = "RPA_SYSTEMS__BENEFITS__URL"


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("paused")) as one:
        yield one


def told(folder: Path, event: str) -> list[str | None]:
    with Project(folder).store() as store:
        return [entry.get("reason") for entry in store.log.read() if entry["event"] == event]


def test_a_refused_sign_in_stops_the_system_until_a_person_resumes_it(benefits: Lane) -> None:
    folder = benefits.project("CL-910001")

    refused = [rpa("run", benefits.bot, folder=folder, **{PASSWORD: "wrong"}) for _ in range(2)]
    still = rpa("run", benefits.bot, folder=folder)
    listed = rpa("systems", folder=folder)

    assert [one.returncode for one in (*refused, still, listed)] == [3, 3, 3, 3], refused[0].stdout
    assert len(told(folder, "secret.used")) == 1, "a second wrong password would be on its way to a locked account"
    (reason,) = told(folder, "system.paused")
    assert reason is not None
    assert "refused the credential benefits" in reason
    assert "wrong" not in reason
    assert refused[0].stdout.count("Paused: benefits") == 1
    assert "resume benefits" in listed.stdout

    assert rpa("systems", "resume", "benefits", "--reason", "new password", folder=folder).returncode == 0
    assert benefits.settle(folder) is Status.CONFIRMED
    assert benefits.rows("CL-910001") == 1


def test_a_system_that_is_away_is_paused_and_the_run_ends_and_says_so(benefits: Lane) -> None:
    folder = benefits.project("CL-910002")
    page_map = folder / "bots" / "systems" / "benefits.yaml"
    page_map.write_text(page_map.read_text("utf-8").replace("settle: 2s", "settle: 2s\npause_after: 2"), "utf-8")

    away = rpa("run", benefits.bot, "--json", folder=folder, **{URL: NOWHERE})
    resumed = rpa("systems", "resume", "benefits", "--reason", "it is up again", folder=folder)

    assert away.returncode == 3, away.stdout + away.stderr
    (pause,) = json.loads(away.stdout)["paused"]
    assert pause["system"] == "benefits"
    assert pause["reason"].startswith("2 in a row failed")
    assert json.loads(away.stdout)["transactions"]["failed"] == 0, "its work waits"
    assert resumed.returncode == 0, resumed.stderr
    assert benefits.settle(folder) is Status.CONFIRMED
    assert benefits.rows("CL-910002") == 1


def test_what_a_person_pauses_is_left_alone(benefits: Lane) -> None:
    folder = benefits.project("CL-910003")
    assert rpa("systems", "pause", "nowhere", "--reason", "x", folder=folder).returncode == 1
    rpa("systems", "pause", "benefits", "--reason", "month-end closing", folder=folder)

    waits = rpa("run", benefits.bot, folder=folder)

    assert waits.returncode == 3
    assert "month-end closing" in waits.stdout
    assert told(folder, "secret.used") == []
