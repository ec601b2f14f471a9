"""What a worker that is always there takes: what is approved, at the addresses of its run, and not stopped."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fixtures.systems.common import ROOT
from rpa.audit.note import PrivateKey
from rpa.dispatcher import dispatch
from rpa.engines.procrastinate import elsewhere
from rpa.engines.procrastinate.elsewhere import Elsewhere
from rpa.work import Status
from tests.rpa.engines.office import BOT, RPA, SYSTEM, Machine, Office
from tests.waiting import wait_for

ANA, BEN = (PrivateKey.generate(name) for name in ("ana", "ben"))
STAMP = "pathlib.Path(__file__).with_name('ran').touch()\n"
LIE = """
import pathlib
from datetime import datetime, timedelta
from rpa import approval, production
class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        ahead = pathlib.Path(__file__).with_name("hours").read_text()
        return datetime.now(tz) + timedelta(hours=int(ahead))
approval.datetime = Clock
production.refuse_root = lambda: None
"""
"""What lets a worker's process be an administrator's, as that of a test may be, and its approvals end in no time.

The number of its account stays: the way out of its browser serves that one alone.
"""


@pytest.fixture
def office(both_machines: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Return the office with nobody at work; afterwards nobody is, nothing waits, and its files are as before."""
    monkeypatch.setattr(elsewhere, "NOBODY", 0.5)
    machines = both_machines.machines
    before = [(one.folder / "rpa.toml").read_text("utf-8") for one in machines]
    yield both_machines
    for machine, settings in zip(machines, before, strict=True):
        machine.end()
        machine.process = None
        (machine.folder / "rpa.toml").write_text(settings, "utf-8")
        (machine.folder / "said.log").unlink(missing_ok=True)
    both_machines.execute("UPDATE transactions SET status = 'abandoned' WHERE status = 'new'")


@pytest.fixture
def production(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Return the first machine in production, where Ana and Ben may approve."""
    first = office.machines[0]
    keys = json.dumps([str(ANA.public), str(BEN.public)])
    settings = f'mode = "production"\napprovers = {keys}\n{(first.folder / "rpa.toml").read_text("utf-8")}'
    (first.folder / "rpa.toml").write_text(f'{settings}[secrets]\nstore = "file"\n', "utf-8")
    secret = f'username = "clerk1"\npassword = "benefits-pass"\norigins = ["{office.system.url}"]\n'
    credentials = first.folder / "credentials.toml"
    credentials.write_text(f"[{SYSTEM}]\n{secret}", "utf-8")
    credentials.chmod(0o600)
    (tmp_path / "sitecustomize.py").write_text(LIE, "utf-8")
    (tmp_path / "hours").write_text("0", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    yield first
    (first.folder / "bots" / "actions.py").unlink(missing_ok=True)


def left(office: Office) -> int:
    return office.counts().get(Status.NEW, 0)


def wait_until_attended(office: Office) -> None:
    with office.store() as store:
        wait_for(lambda: SYSTEM in store.attended([SYSTEM]))


def wait_until_all_jobs_are_taken(office: Office) -> None:
    with psycopg.connect(
        host=str(office.sockets), user="keyonce", dbname=office.database, autocommit=True
    ) as connection:
        wait_for(lambda: connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,))


def test_actions_that_nobody_has_approved_are_not_run_by_a_worker_in_production(
    office: Office, production: Machine
) -> None:
    (production.folder / "bots" / "actions.py").write_text(f"import pathlib\n{STAMP}", "utf-8")

    production.start()
    wait_until_attended(office)

    assert not (production.folder / "bots" / "ran").exists()


def test_no_worker_in_production_works_as_the_owner_of_the_tables(production: Machine) -> None:
    with (production.folder / "rpa.toml").open("a") as settings:
        settings.write('[database_roles]\nowner = "keyonce"\napp = "somebody"\n')

    production.start()

    assert production.process is not None
    assert (production.process.wait(60), "nothing works as the owner" in production.said) == (1, True)


def test_an_emergency_that_is_over_ends_what_a_worker_takes(
    office: Office, production: Machine, tmp_path: Path
) -> None:
    project = production.project
    for key in (ANA, BEN):
        project.approvals.override(BOT, project.library.digest(BOT), "the vendor changed it", 1, key)
    office.lay_out(60)  # more than a quick worker enters before it is looked at
    office.run()

    production.start()
    office.wait_until_one_more()
    (tmp_path / "later").write_text("2", "utf-8")
    (tmp_path / "later").rename(tmp_path / "hours")  # at once: a worker may be reading it

    wait_for(lambda: "an emergency override, and that is over" in production.said)
    assert left(office) > 0


def test_a_machine_that_takes_a_system_to_be_elsewhere_takes_nothing_and_says_so(office: Office) -> None:
    first, second = office.machines
    (second.folder / "rpa.toml").write_text(
        (second.folder / "rpa.toml").read_text("utf-8").replace(office.system.url, "http://127.0.0.1:9"), "utf-8"
    )
    second.start()
    wait_until_attended(office)
    office.lay_out(3)
    (told,) = office.run().failures
    assert told.startswith("workers are there for benefits, but none takes this work: on their machines")
    wait_for(lambda: "goes by other addresses of the systems" in second.said)
    assert second.stop() == 0
    assert left(office) == 3

    first.start()
    office.wait_until_one_more()
    settings = (first.folder / "rpa.toml").read_text("utf-8")
    (first.folder / "rpa.toml").write_text(settings.replace(office.system.url, "http://127.0.0.1:9"), "utf-8")
    wait_for(lambda: "goes by other addresses of the systems" in first.said)
    assert left(office) > 0


def test_a_run_waits_while_whoever_goes_by_other_files_has_something_in_hand(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "NOBODY", 0.0)
    office.lay_out(2)
    project = office.machines[0].project
    with office.store() as store, store.hold() as owner:
        store.attend(SYSTEM)
        by = store.start_run(BOT, "d" * 64, "test", project.addresses(BOT))
        dispatch(project.drafts(project.bot(BOT)), by, store)
        in_hand = store.reserve(owner, [SYSTEM], BOT)
        assert in_hand is not None
        run = Elsewhere(project, store, BOT)
        run.no_more_work()

        assert run.alive()
        store.release(in_hand.transaction, owner)
        assert not run.alive()
        assert "none takes this work" in run.failures()[0]

        store.start_run(BOT, "d" * 64, "test")
        assert run.alive(), "an older run does not say its addresses: whoever is there may take it"


def test_nothing_more_is_begun_of_a_run_that_was_told_to_stop_before_the_next_one(office: Office) -> None:
    first = office.machines[0]
    numbers = office.lay_out(6)
    first.start()
    wait_until_attended(office)
    run = subprocess.Popen(
        [RPA, "run", BOT, "--project", first.folder],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    office.wait_until_one_more()
    office.wait_until_one_is_promised()
    first.end()
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 130
    waiting = left(office)
    assert waiting > 0

    first.start()
    wait_until_attended(office)
    wait_for(lambda: Status.SUBMITTING not in office.counts())
    wait_until_all_jobs_are_taken(office)
    assert left(office) >= waiting

    assert office.run().failures == ()
    entered = [row["claim_no"] for row in office.system.entries()]
    assert sorted(one for one in entered if one in numbers) == numbers
