"""Two machines, one queue: whatever happens to workers, connections and the server, nothing is entered twice."""

import re
import signal
from pathlib import Path

from tests.rpa.engines.astray import wrong_by
from tests.rpa.engines.office import Machine, Office
from tests.rpa.engines.relay import Relay
from tests.waiting import wait_for

ALL_OTHERS = "pg_stat_activity WHERE application_name = 'keyonce' AND pid <> pg_backend_pid()"
CUT = f"SELECT pg_terminate_backend(pid) FROM {ALL_OTHERS}"  # noqa: S608  # fixed text
CUT_FIRST_PROMISE = f"""
CREATE SEQUENCE promises;
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('promises') = 1 THEN PERFORM pg_terminate_backend(pid) FROM {ALL_OTHERS}; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cut BEFORE UPDATE ON transactions FOR EACH ROW
    WHEN (NEW.status = 'submitting' AND OLD.status = 'in_progress') EXECUTE FUNCTION cut();
"""
HOLD_FIRST_PROMISE = """
CREATE SEQUENCE held;
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('held') = 1 THEN PERFORM pg_sleep(1); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold BEFORE UPDATE ON transactions FOR EACH ROW
    WHEN (NEW.status = 'submitting' AND OLD.status = 'in_progress') EXECUTE FUNCTION hold();
"""
OUT_OF_TIME = """
SELECT FROM transactions WHERE greatest(changed, promised, not_before) > now()
    OR least(changed, promised) < (SELECT min(started) FROM runs)
"""
HELD = "SELECT FROM held WHERE is_called"
HAS_ENDED = re.compile(
    "answers nothing on this connection|connection timeout expired|ended by signal 9|connection .* is gone"
)
"""What is said of a worker whose connection went silent.

It noticed in a statement, or as it connected anew for one, or its watchdog did.
"""


def test_a_machine_that_is_killed_is_taken_over_and_one_that_is_told_to_stop_gives_back(staffed: Office) -> None:
    with staffed.entering(5):
        staffed.wait_until_one_more()
        staffed.busy.signal(signal.SIGKILL)
        staffed.wait_until_one_more()
        left = staffed.busy
        staffed.staff()
        assert left.stop() == 0

    assert "finished or given back" in left.said


def test_a_frozen_machine_keeps_its_session_and_goes_on_once_it_wakes(staffed: Office) -> None:
    with staffed.entering(3):
        staffed.wait_until_one_more()
        frozen = staffed.busy
        frozen.signal(signal.SIGSTOP)
        try:
            staffed.wait_until_silent()
            other = next(machine for machine in staffed.machines if machine is not frozen)
            assert not other.at_work, "the first one's browser may still press"
        finally:
            frozen.signal(signal.SIGCONT)


def test_a_server_that_crashes_and_recovers_is_gone_on_with(staffed: Office) -> None:
    with staffed.entering(3):
        staffed.wait_until_one_more()
        staffed.crash()


def test_connections_that_are_cut_just_before_the_promise_lead_to_no_press(staffed: Office) -> None:
    staffed.execute(CUT_FIRST_PROMISE)
    try:
        with staffed.entering(2):
            pass
    finally:
        staffed.execute("DROP TRIGGER cut ON transactions")


def test_connections_that_are_cut_just_after_the_promise_lead_to_a_search_and_no_second_press(
    staffed: Office,
) -> None:
    with staffed.entering(2):
        staffed.wait_until_one_is_promised()
        staffed.execute(CUT)


def test_a_connection_that_goes_silent_in_the_promise_or_after_it_leads_to_no_second_press(
    both_machines: Office, distant: Relay
) -> None:
    second, before = both_machines.machines[1], len(both_machines.system.entries())
    both_machines.execute(HOLD_FIRST_PROMISE)
    second.start()
    try:
        with both_machines.entering(2):
            wait_for(lambda: both_machines.execute(HELD) == 1)
            silence(distant, second)
            assert len(both_machines.system.entries()) == before
            distant.speak_again()
            both_machines.wait_until_one_more()
            both_machines.wait_until_one_is_promised()
            silence(distant, second)
            distant.speak_again()
    finally:
        both_machines.execute("DROP TRIGGER hold ON transactions")


def test_a_machine_that_stands_by_over_a_connection_that_went_silent_still_takes_over(
    both_machines: Office, distant: Relay
) -> None:
    first, second = both_machines.machines
    first.start()
    with both_machines.entering(2):
        second.start()
        both_machines.wait_until_one_is_promised()
        both_machines.wait_until_standing(2)
        silence(distant, second)
        distant.speak_again()
        both_machines.wait_until_standing(2)
        first.signal(signal.SIGKILL)


def silence(way: Relay, machine: Machine) -> None:
    """Let the way to the server fall silent, and wait until the machine has noticed."""
    known = len(machine.said)
    way.fall_silent()
    wait_for(lambda: HAS_ENDED.search(machine.said, known) is not None)


def test_the_clock_of_a_machine_decides_nothing(both_machines: Office, tmp_path: Path) -> None:
    first, second = both_machines.machines
    for machine in both_machines.machines:
        machine.end()
    usual, second.environment = second.environment, {**second.environment, "PYTHONPATH": str(tmp_path)}
    (tmp_path / "sitecustomize.py").write_text(wrong_by(hours=1), "utf-8")
    second.start()
    both_machines.wait_until_standing(1)
    first.start()
    try:
        with both_machines.entering(3):
            both_machines.wait_until_one_is_promised()
            both_machines.wait_until_standing(2)
            second.signal(signal.SIGKILL)
            both_machines.wait_until_one_more()
            (tmp_path / "sitecustomize.py").write_text(wrong_by(hours=-1), "utf-8")
            second.start()
            both_machines.wait_until_standing(2)
            first.signal(signal.SIGKILL)
    finally:
        second.environment = usual
        second.end()
    assert both_machines.execute(OUT_OF_TIME) == 0
