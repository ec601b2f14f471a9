"""What the history says of a start that was stopped."""

from datetime import UTC, datetime
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.occurrence import Occurrence
from rpa.service.child import _stopped
from rpa.store.owner import Owner
from rpa.store.store import Store
from tests.rpa.store.ledgers import tamper


def test_a_start_that_was_replaced_says_by_what_and_one_that_was_stopped_waits(tmp_path: Path) -> None:
    folder = tmp_path / ".rpa"
    with Store.open(folder, actor=Actor(kind="bot", id="b", name="b")) as store, Owner.hold(folder) as owner:
        for nominal in ("17:00", "stopped"):
            one = Occurrence(name="o", nominal=nominal, kind="schedule", bot="b", due=datetime.now(UTC))
            store.occurrences.add(one)
            taken = store.occurrences.take("o", nominal, owner)
            assert taken is not None
            if nominal == "17:00":
                tamper(folder, "UPDATE occurrences SET told_to_stop = 1, reason = 'replaced by 18:00'")
            _stopped(store, taken)

        told = {one.nominal: (str(one.state), one.reason) for one in store.occurrences.newest("o")}
    assert told == {"17:00": ("replaced", "replaced by 18:00"), "stopped": ("waiting", "it was told to stop")}
