"""Both systems end a session after so many requests, wherever the bot is: nothing is lost or entered twice."""

from pathlib import Path

import pytest

from rpa.project import Project
from rpa.work import Status
from tests.commands import typed as rpa
from tests.kills.lane import lane

REFERENCES = [f"CL-96000{number}" for number in range(3)]


@pytest.mark.parametrize(("system", "requests"), [("benefits", 13), ("payments", 11)])
def test_a_session_that_ends_anywhere_costs_a_sign_in_and_no_entry(
    tmp_path: Path, system: str, requests: int
) -> None:
    with lane(system, tmp_path, session_requests=requests) as one:
        folder = one.project(REFERENCES[0])
        rows = "".join(f"{reference},2026-01-02\n" for reference in REFERENCES)
        (folder / "claims.csv").write_text(f"Claim No,Lost on\n{rows}", encoding="utf-8")

        ran = rpa("run", one.bot, folder=folder)

        with Project(folder).store() as store:
            ends = {item.reference: store.transactions(item.id)[0] for item in store.work_items()}
        assert ran.returncode in {0, 3}, ran.stdout + ran.stderr
        for reference, end in ends.items():
            expected = {Status.CONFIRMED: 1, Status.IN_DOUBT: 0}[end.status]  # KeyError: it came to no such end
            assert one.rows(reference) == expected, end.reason
        assert {end.status for end in ends.values()} >= {Status.CONFIRMED}
        assert len(ends) == len(REFERENCES)
