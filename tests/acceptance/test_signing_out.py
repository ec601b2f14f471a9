"""A system that refuses whoever is signed in already: whoever leaves it has to sign out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.work import Status
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("out"), one_too_many="refused") as one:
        yield one


def test_every_run_is_let_in_and_so_is_a_rehearsal(benefits: Lane) -> None:
    assert [benefits.settle(benefits.project(f"CL-95100{number}")) for number in range(2)] == [
        Status.CONFIRMED,
        Status.CONFIRMED,
    ]
    rehearsed = rpa("rehearse", benefits.bot, folder=benefits.project("CL-951002"))
    assert rehearsed.returncode == 0, rehearsed.stdout + rehearsed.stderr

    assert benefits.settle(benefits.project("CL-951003")) is Status.CONFIRMED


def test_a_way_out_that_leads_nowhere_is_told_by_a_rehearsal_and_ends_no_worker(tmp_path: Path) -> None:
    with lane("benefits", tmp_path) as one:
        folder = one.project("CL-952000")
        page_map = folder / "bots" / "systems" / "benefits.yaml"
        wrong = page_map.read_text("utf-8").replace("press: Sign off\n  - see: Please sign in", "see: Good bye")
        page_map.write_text(wrong, "utf-8")

        rehearsed = rpa("rehearse", one.bot, folder=folder)

        assert rehearsed.returncode == 1
        assert "sign out of benefits: it took more than 15 s" in rehearsed.stdout + rehearsed.stderr
        assert one.settle(folder) is Status.CONFIRMED
