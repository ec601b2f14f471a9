"""The browser dies, hangs, or outlives its worker, around the press: the record is entered once all the same."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from rpa.browser.processes import Process
from rpa.leftovers import Recorded, end_left_over
from rpa.project import Project
from rpa.work import Status, Transaction
from tests.acceptance.test_cli import RPA
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane
from tests.waiting import wait_for

HELD = 3.0
"""Seconds between a save and its answer, in which a browser or a process can be killed."""


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("dying"), frozen_after_commit=HELD) as one:
        yield one


def kill(processes: list[Process]) -> None:
    processes[0].end()


def stop(processes: list[Process]) -> None:
    for process in psutil.Process(processes[0].pid).children(recursive=True):
        process.suspend()
    os.kill(processes[0].pid, signal.SIGSTOP)


def stop_both(processes: list[Process]) -> None:
    os.kill(processes[1].pid, signal.SIGSTOP)
    stop(processes)


FAULTS = {"killed": kill, "stopped": stop, "stopped with its driver": stop_both}


@pytest.mark.parametrize(("fault", "number"), [(fault, 800001 + at) for at, fault in enumerate(FAULTS)])
def test_a_browser_that_dies_after_the_press_is_replaced_and_the_system_is_asked(
    benefits: Lane, fault: str, number: int
) -> None:
    folder = impatient(benefits, f"CL-{number}")
    with running(benefits, folder) as process:
        wait_for(lambda: benefits.rows(f"CL-{number}") == 1)
        FAULTS[fault](browser_of(folder))
        assert process.wait(90) == 0

    assert stands(folder).status is Status.CONFIRMED
    assert benefits.rows(f"CL-{number}") == 1
    assert not records(folder)


ACTIONS = """
import os, signal, time
from pathlib import Path
import psutil
from rpa.actions.custom import action

HERE = Path(__file__).parent

@action("test.fault")
def fault(stage, target):
    done = HERE / "done"
    if not done.exists():
        done.touch()
        (driver,) = [one for one in psutil.Process().children() if one.children()]
        (browser,) = driver.children()
        os.killpg(browser.pid, getattr(signal, target))

@action("test.wait")
def wait(stage, target):
    if not (HERE / "waiting").exists():
        (HERE / "waiting").touch()
        time.sleep(float(target))
"""


@pytest.mark.parametrize(("fault", "number"), [("SIGKILL", 800011), ("SIGSTOP", 800012)])
def test_a_browser_that_dies_before_the_press_is_replaced_and_the_form_filled_again(
    benefits: Lane, fault: str, number: int
) -> None:
    folder = impatient(benefits, f"CL-{number}")
    with_action(benefits, folder, f"test.fault: {fault}")

    ran = rpa("run", benefits.bot, folder=folder)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert benefits.rows(f"CL-{number}") == 1
    reasons = [told.get("reason") for told in moves(folder) if told.get("to") == "new"]
    assert any("closed" in str(reason) or "crashed" in str(reason) for reason in reasons), reasons


def test_a_browser_that_outlived_its_worker_is_ended_before_the_next_run_goes_on(benefits: Lane) -> None:
    folder = impatient(benefits, "CL-800021")
    with running(benefits, folder) as process:
        wait_for(lambda: benefits.rows("CL-800021") == 1)
        left = browser_of(folder)
        worker = psutil.Process(left[1].pid).parent()
        assert worker is not None
        stop_both(left)
        process.kill()
        worker.kill()
    assert all(one.alive() for one in left), "nothing would be left to end"

    ran = rpa("run", benefits.bot, folder=folder)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not any(one.alive() for one in left)
    assert not records(folder)
    assert stands(folder).status is Status.CONFIRMED
    assert benefits.rows("CL-800021") == 1


def test_a_process_that_has_got_the_number_of_a_dead_browser_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    with subprocess.Popen(["sleep", "60"]) as other:
        reused = Process.of(psutil.Process(other.pid))
        earlier = Process(reused.pid, reused.started - 100, reused.boot)
        Recorded(tmp_path / "locks" / "browser-worker-gone.json")([earlier])

        end_left_over(tmp_path)

        assert other.poll() is None
        assert not records(tmp_path / "locks", below="")
        other.kill()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_being_told_to_stop_after_the_press_finishes_it(benefits: Lane, told: signal.Signals) -> None:
    reference = f"CL-80003{int(told) % 10}"
    folder = impatient(benefits, reference)
    with running(benefits, folder) as process:
        wait_for(lambda: benefits.rows(reference) == 1)
        tell(process, told)
        assert process.wait(30) == 130

    assert stands(folder).status is Status.CONFIRMED
    assert not records(folder)


def test_being_told_to_stop_twice_leaves_the_press_to_be_settled_by_the_next_run(benefits: Lane) -> None:
    folder = impatient(benefits, "CL-800041")
    with running(benefits, folder) as process:
        wait_for(lambda: benefits.rows("CL-800041") == 1)
        tell(process, signal.SIGINT)
        time.sleep(0.3)  # two signals at once are one
        tell(process, signal.SIGINT)
        assert process.wait(30) == 130

    left = stands(folder)
    assert (left.status, left.owner) == (Status.SUBMITTING, None)
    assert benefits.settle(folder) is Status.CONFIRMED
    assert benefits.rows("CL-800041") == 1


def test_being_told_to_stop_before_the_press_gives_the_work_item_back(benefits: Lane) -> None:
    folder = impatient(benefits, "CL-800051")
    with_action(benefits, folder, "test.wait: 4")
    with running(benefits, folder) as process:
        wait_for((folder / "bots" / "waiting").exists)
        tell(process, signal.SIGTERM)
        assert process.wait(30) == 130

    given_back = stands(folder)
    assert (given_back.status, given_back.owner) == (Status.NEW, None)
    assert given_back.reason == "its worker gave it back"
    assert benefits.rows("CL-800051") == 0
    assert benefits.settle(folder) is Status.CONFIRMED


def impatient(one: Lane, reference: str) -> Path:
    """Lay out a project in whose system no page may take longer than it holds an answer."""
    folder = one.project(reference)
    page_map = folder / "bots" / "systems" / f"{one.system}.yaml"
    page_map.write_text(page_map.read_text("utf-8") + f"timeout: {HELD + 2:g}s\n", encoding="utf-8")
    return folder


def with_action(one: Lane, folder: Path, step: str) -> None:
    """Let *step*, an action of the test's, be the last before the press."""
    (folder / "bots" / "actions.py").write_text(ACTIONS, encoding="utf-8")
    bot = folder / "bots" / f"{one.system}.yaml"
    text = bot.read_text("utf-8").replace("    submit:\n", f"      - {step}\n    submit:\n")
    bot.write_text(text, encoding="utf-8")


@contextmanager
def running(one: Lane, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the bot in a group of its own, as a terminal does."""
    with subprocess.Popen(
        [*RPA, "run", one.bot], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def tell(process: subprocess.Popen[bytes], told: signal.Signals) -> None:
    """Send a signal as it comes in life: Ctrl-C goes to the whole group, the other to the run."""
    (os.killpg if told is signal.SIGINT else os.kill)(process.pid, told)


def records(folder: Path, below: str = ".rpa/locks") -> list[Path]:
    return list((folder / below).glob("browser-*.json"))


def browser_of(folder: Path) -> list[Process]:
    """Return the processes of the browser that works for the project: browser, driver."""
    (record,) = records(folder)
    return [Process(**one) for one in json.loads(record.read_text("utf-8"))]


def stands(folder: Path) -> Transaction:
    with Project(folder).store() as store:
        ((transaction,),) = [store.transactions(item.id) for item in store.work_items()]
    return transaction


def moves(folder: Path) -> list[dict[str, Any]]:
    with Project(folder).store() as store:
        return [told for told in store.log.read() if told["event"] == "transaction.moved"]
