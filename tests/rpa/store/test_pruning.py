"""Content of the log goes when its time is over, and nothing goes unseen."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from rpa.audit.entry import Event
from rpa.store import pruning
from rpa.store.owner import Owner
from rpa.store.schema import audit_entries
from rpa.store.store import Store
from rpa.work import Receipt, Run, Status
from tests.rpa.store.ledgers import CLERK, begun, both, change, events, new_item

RULE = "GRS 3.2, item 030"


@pytest.fixture
def old(store: Store, run: Run, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a signed log whose entries are 400 days old."""
    store.log.append(Event.SECRET_USED, data={"secret": "meridian", "system": "meridian"})
    store.add(run, new_item())
    store.log.append(Event.EGRESS_DENIED, data={"host": "canary.example"})
    store.log.append(Event.SECRET_USED, data={"secret": "meridian", "system": "meridian"})
    store.finish_run(run, {})
    monkeypatch.setattr(pruning, "now", lambda: datetime.now(UTC) + timedelta(days=400))
    return store


def test_the_content_is_out_of_the_files_and_the_log_still_verifies_alone_and_exported(
    old: Store, folder: Path, tmp_path: Path
) -> None:
    assert old.log.prune({"egress": 365, "secret": 500}, RULE) == 1
    old.personal.clean()

    assert b"canary.example" not in b"".join(path.read_bytes() for path in folder.glob("ledger.db*"))
    assert old.log.verify().problems == ()
    assert "egress.denied" not in events(old)
    (told,) = (entry for entry in old.log.read() if entry["event"] == "log.pruned")
    assert (told["data"]["authority"], told["data"]["ranges"]) == (RULE, [[4, 4]])
    old.finish_run(old.start_run("claims", "b" * 64, "u-1"), {})
    assert old.log.verify().problems == ()
    old.log.export(tmp_path / "bundle")
    done = subprocess.run([sys.executable, "verify.py"], cwd=tmp_path / "bundle", capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


@both
def test_an_entry_emptied_without_a_word_counts_as_changed_here_and_in_an_export(
    old: Store, tmp_path: Path
) -> None:
    change(old, update(audit_entries).where(audit_entries.c.seq == 3).values(body=b""))

    assert old.log.verify().problems == (
        "entry 3 has no content, and no entry says that it was dropped in its time",
    )
    old.log.export(tmp_path / "bundle")
    done = subprocess.run([sys.executable, "verify.py"], cwd=tmp_path / "bundle", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"entry 3 has no content" in done.stdout


@both
def test_nothing_that_is_not_signed_or_tells_what_is_gone_or_disclosed_is_dropped(
    store: Store, run: Run, old: Store
) -> None:
    old.log.prune({"egress": 365}, RULE)
    old.log.append(Event.SECRET_USED, data={"secret": "later", "system": "meridian"})

    assert old.log.prune({"log": 1, "secret": 365}, RULE) == 2
    assert [json.dumps(entry["data"]) for entry in old.log.read() if entry["event"] == "secret.used"] == [
        '{"secret": "later", "system": "meridian"}'
    ]
    assert events(store).count("log.pruned") == 2
    assert (old.log.verify().problems, run.finished) == ((), None)


@both
def test_what_names_the_pictures_of_an_earlier_attempt_is_kept_until_its_record_is_erased(
    store: Store, run: Run, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(run, new_item())
    sent = begun(store, owner, Status.SUBMITTING)
    doubted = store.move(sent, Status.IN_DOUBT, owner, receipt=Receipt(evidence=("a" * 64,)))
    store.decide(doubted.id, Status.NEW, person=CLERK, reason="it is not there")
    begun(store, owner, Status.CONFIRMED)
    store.finish_run(run, {})
    monkeypatch.setattr(pruning, "now", lambda: datetime.now(UTC) + timedelta(days=400))

    store.log.prune({"transaction": 365}, RULE)
    held = store.personal.holding("CL-1", None)
    assert held.pictures == {"a" * 64}

    store.personal.erase(held, RULE, held.documents)
    assert store.log.prune({"transaction": 365}, RULE) == 1
    assert not [entry for entry in store.log.read() if entry.get("data", {}).get("evidence")]
