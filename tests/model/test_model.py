"""Thousands of histories of the real performer on the real ledger, with a simulated system and clock."""

import os
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from rpa import performer
from rpa.actions.table import act
from rpa.case import Case
from rpa.work import Status
from tests.model.county import Answer
from tests.model.histories import MOMENTS, Histories, Shelf

HISTORIES = int(os.environ.get("RPA_HISTORIES", "2000"))
"""How many histories there are; with the variable set they are others each time."""

STEPS = 6


def how_many(histories: int, *phases: Phase) -> settings:
    """Return the settings for so many histories, the same ones each time."""
    return settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        derandomize="RPA_HISTORIES" not in os.environ,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, *phases),
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def histories() -> Iterator[type[Histories]]:
    """Give the state machine with a ledger to play on."""
    with Shelf.stand() as shelf:
        yield type("HistoriesOnAShelf", (Histories,), {"shelf": shelf})


@pytest.mark.timeout(900)
def test_no_history_enters_twice_or_loses_a_record(histories: type[Histories]) -> None:
    run_state_machine_as_test(histories, settings=how_many(HISTORIES, Phase.shrink))


@pytest.mark.parametrize("then", ["sleeps", "dies"])
def test_a_worker_that_stands_still_for_long_at_any_moment_doubles_nothing(
    histories: type[Histories], then: str
) -> None:
    for moment in range(1, MOMENTS):
        history = histories()
        history.the_bot_says(if_absent="enter_again")
        plan = {
            moment: ("sleeps", 90.0, "CL-1"),
            moment + 1: ("dies" if then == "dies" else "sleeps", 0.5, "CL-1"),
        }
        history.a_worker_works(seconds=0.5, answers=[Answer.LATE], looks=frozenset(), plan=plan)
        history.teardown()


def presses_again(case: Case) -> None:
    """Settle as a naive robot does: not found, so once more."""
    case.stage.row = None
    act(case.stage, case.entry.search or [])
    if case.stage.row is None:
        act(case.stage, case.entry.create)
        act(case.stage, case.entry.submit)
    performer._confirm(case)


def believes_the_press(case: Case) -> None:
    """Settle as a hasty robot does: it was pressed, so it is there."""
    case.move(Status.CONFIRMED)


@pytest.mark.parametrize(
    ("broken", "told"),
    [(presses_again, "promise of its own|entered twice"), (believes_the_press, "not there")],
)
def test_a_broken_performer_is_found_out(histories: type[Histories], broken: object, told: str) -> None:
    with mock.patch.object(performer, "_settle", broken), pytest.raises(AssertionError, match=told):
        run_state_machine_as_test(histories, settings=how_many(300))
