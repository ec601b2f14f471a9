"""Two machines, one queue: whatever happens to workers, connections and the server, nothing is entered twice."""

import signal

from tests.rpa.engines.office import Office

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
