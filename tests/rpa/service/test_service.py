"""The service as it runs: nothing starts twice, nothing is lost with a process, and what is broken is shown."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from rpa.occurrence import Occurrence
from rpa.project import Project
from rpa.store.store import Store
from tests.rpa.service.serving import killed, rpa, serving
from tests.rpa.store.ledgers import new_item
from tests.rpa.triggers.coming import VISITS, project
from tests.waiting import wait_for

UP = "trigger: up\nbot: visits\ndocument: visits\nfiles: '*.csv'\nweb: {credential: up}\n"
BASE = Path(__file__).parents[2] / "definitions" / "base"
OFTEN = "schedule: often\nbot: permits\nevery: {every}\ntimezone: America/Chicago\nif_still_running: {policy}\n"
AFTER = "schedule: follow-up\nbot: letters\nafter: permits\ntimezone: America/Chicago\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project whose runs find no document, and so end at once."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "schedules").mkdir()
    return tmp_path


def write(folder: Path, text: str, name: str = "often") -> None:
    (folder / "schedules" / f"{name}.yaml").write_text(text, "utf-8")


def states(store: Store, name: str) -> Counter[str]:
    return Counter(str(one.state) for one in store.occurrences.newest(name, limit=1000))


def test_a_run_whose_service_is_killed_goes_on_with_the_next_and_what_follows_it_comes_once(folder: Path) -> None:
    letters = (folder / "bots/permits.yaml").read_text("utf-8").replace("bot: permits", "bot: letters")
    (folder / "bots/letters.yaml").write_text(letters, "utf-8")
    write(folder, OFTEN.format(every="1h", policy="skip"))
    write(folder, AFTER, "follow_up")
    with Project(folder).store() as store:
        with killed(folder) as first:
            assert first.url
            rpa(folder, "schedule", "run-now", "often")
            wait_for(lambda: bool(first.said("run.started")))
        wait_for(lambda: states(store, "often")["running"] == 0)
        with serving(folder) as second:
            wait_for(lambda: states(store, "follow-up")["done"] > 0)
            (one,) = store.occurrences.newest("often")

            status, told = second.ask(f"/runs/often/{quote(one.nominal)}")
            assert (status, told["state"], told["bot"]) == (200, "done", "permits")
            assert second.ask("/runs/often/never")[0] == 404
        (followed,) = store.occurrences.newest("follow-up")

    assert followed.nominal == f"run {told['run']}"
    assert second.said("service.ended")


def test_files_that_no_run_looks_at_and_folders_that_can_not_be_watched_are_told_and_a_long_queue_is_run(
    tmp_path: Path,
) -> None:
    folder = project(tmp_path)
    for name, path in (("scans", "in [1]"), ("linked", "linked")):
        text = UP.replace("up", name, 1).replace("web: {credential: up}", f"folder: {{path: '{path}', quiet: 0s}}")
        (folder / f"triggers/{name}.yaml").write_text(text, "utf-8")
    (folder / "linked").mkdir()
    (folder / "linked/taken").symlink_to(folder)
    (folder / "in [1]").mkdir()
    (folder / "in [1]/a.csv").write_text("Number\n1\n", "utf-8")
    (folder / "bots/letters.yaml").write_text(VISITS.replace("bot: visits", "bot: letters"), "utf-8")
    (folder / "triggers/surge.yaml").write_text("trigger: surge\nbot: letters\nqueue: {waiting: 2}\n", "utf-8")
    gone = Occurrence(name="scans", nominal="gone", kind="trigger", bot="visits", due=datetime.now(UTC))
    with Project(folder).store() as store:
        store.occurrences.add(replace(gone, files={"visits": "gone/*"}))
        before = store.start_run("letters", "d" * 64, "test")
        for reference in ("L-1", "L-2"):
            store.add(before, new_item(reference))  # no entry of the bot's: no browser is started for it
        with serving(folder) as service:
            wait_for(lambda: states(store, "scans") == {"done": 1, "failed": 1})
            wait_for(lambda: any(one["data"]["by"] == "trigger:surge" for one in service.said("run.started")))
            wait_for(lambda: bool(service.ask("/ready")[1]["failing"]))
            status, told = service.ask("/ready")

        (failed,) = store.occurrences.newest("scans", "gone")
        assert failed.reason == "none of the files that came is there"
        assert [item.reference for item in store.work_items("visits")] == ["1"]
    assert (status, list(told["failing"])) == (200, ["linked"])
    assert "taken is a link" in told["failing"]["linked"]


def multipart(name: str, content: str) -> tuple[bytes, str]:
    lines = ["--x", f'Content-Disposition: form-data; name="file"; filename="{name}"', "", content, "--x--", ""]
    return "\r\n".join(lines).encode(), "multipart/form-data; boundary=x"


def test_an_upload_is_run_once_for_its_key_and_told_where_to_ask(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "triggers/up.yaml").write_text(UP, "utf-8")
    with serving(folder, RPA_CREDENTIAL_UP_USERNAME="x", RPA_CREDENTIAL_UP_PASSWORD="t-1") as service:  # noqa: S106
        body, kind = multipart("a.csv", "Number\n1\n")
        said = {"Content_Type": kind, "Idempotency_Key": "k-1", "Authorization": "Bearer t-1"}

        status, told = service.ask("/triggers/up", body, **said)
        wait_for(lambda: service.ask(told["address"])[1]["state"] == "done")
        again = service.ask("/triggers/up", body, **said)
        other = service.ask("/triggers/up", multipart("a.csv", "Number\n2\n")[0], **said)
        wrong = service.ask("/triggers/up", body, **{**said, "Authorization": "Bearer t-2"})
        unknown = service.ask("/triggers/down", body, **said)
        without = service.ask("/triggers/up", body, Content_Type=kind, Authorization="Bearer t-1")

        assert (status, told["state"]) == (202, "waiting")
        assert (again[0], again[1]["address"], again[1]["state"]) == (200, told["address"], "done")
        assert [one[0] for one in (other, wrong, unknown, without)] == [422, 401, 401, 400]
        assert "/triggers/{name}" in service.ask("/openapi.json")[1]["paths"]
        wait_for(lambda: not list((folder / "arrivals/up/taken").iterdir()))
    with Project(folder).store() as store:
        (document,) = [entry for entry in store.log.read() if entry["event"] == "document.read"]
        assert document["actor"] == {"kind": "trigger", "id": "up", "name": "up"}
        assert [item.reference for item in store.work_items("visits")] == ["1"]


def test_a_broken_definition_stays_out_is_shown_and_the_old_goes_on(folder: Path) -> None:
    write(folder, OFTEN.format(every="1s", policy="skip"))
    with serving(folder) as service, Project(folder).store() as store:
        assert service.ask("/health") == (200, {"alive": True})
        assert service.ask("/ready", Host="rebound.example")[0] == 400
        assert service.ask("/health", Host="localhost")[0] == 200
        store.occurrences.pause("often", "only its times are looked at here")
        write(folder, OFTEN.format(every="never", policy="skip"))
        wait_for(lambda: bool(service.ask("/ready")[1]["unavailable"]))
        before = sum(states(store, "often").values())
        wait_for(lambda: sum(states(store, "often").values()) > before + 1)

        status, told = service.ask("/ready")
        assert (status, told["ready"], told["schedules"]) == (200, True, ["often"])
        assert "a duration is a number and a unit" in told["unavailable"]["often"]
        assert told["paused"] == {"often": "only its times are looked at here"}
        assert set(states(store, "often")) <= {"skipped", "waiting", "done", "running"}

        (folder / "schedules" / "often.yaml").unlink()
        wait_for(lambda: not service.ask("/ready")[1]["schedules"])
        told = service.ask("/metrics")[1]
        assert 'rpa_schedule_times_total{state="skipped"}' in told
        assert 'rpa_system_sessions_in_use{system="desk"} 0.0' in told
