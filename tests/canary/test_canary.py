"""No secret and no personal value is in any byte that a run writes, nor in what its children inherit.

One claim through both systems. `make canary` takes all of them, and reads the pictures too.
"""

import json
import re
from pathlib import Path

from tests.canary.office import BOT, KEPT, office
from tests.canary.search import files, found_in

DISCLOSURE = """credential: payments
disclosure: {recipient: State Payments Office, address: 1 Main St, purpose: payment}"""

ROOT = Path(__file__).parents[2]


def test_what_one_claim_leaves_behind_holds_no_secret_and_nothing_personal(tmp_path: Path) -> None:
    with office(tmp_path / "office", 1) as place:
        place.change_map("payments", "credential: payments", DISCLOSURE)
        assert place.does("run", BOT, "--json") == 0
        place.does("audit", "disclosures", "CL-100001", "--json")

        written = list(files(place.folder, but=KEPT))
        assert place.found == set()
        leaks = {path.name: list(found_in(path.read_bytes(), place.wanted)) for path in written}
        assert leaks == {name: [] for name in leaks}
        assert not (place.folder / "keys.log").exists()
        assert {"ledger.db", "run_claims-intake.0"} <= {path.name for path in written}
        disclosed = json.loads((place.folder / "said/audit_disclosures.1").read_text())
        assert (disclosed["recipient"], disclosed["status"]) == ("State Payments Office", "confirmed")
        assert {"ssn", "member_name"} <= set(disclosed["nature"].split(", "))
        assert place.processes >= 8  # workers, drivers, browsers
        entered = [path.read_bytes() for path in files(place.folder / "systems", but=frozenset())]
        assert list(found_in(b"".join(entered), place.wanted))  # the search finds what is there


def test_nothing_that_records_pages_can_be_switched_on() -> None:
    recorders = re.compile(r"\b(tracing|record_har\w*|record_video\w*|route_from_har)\b")

    assert [path.name for path in (ROOT / "rpa").rglob("*.py") if recorders.search(path.read_text("utf-8"))] == []
