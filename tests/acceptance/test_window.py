"""Outside a system's hours its work waits; nothing fails, and nothing is pressed after they end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from rpa import performer
from rpa.order import Order
from rpa.project import Project
from rpa.work import Status
from rpa.worker import work
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane
from tests.kills.victim import Alone


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("window")) as one:
        yield one


def hours(folder: Path, opens: timedelta, closes: timedelta) -> None:
    """Give the system hours around this moment."""
    now = datetime.now(UTC)
    line = f'window: {{open: "{now + opens:%H:%M}", close: "{now + closes:%H:%M}", timezone: UTC}}\n'
    page_map = folder / "bots" / "systems" / "benefits.yaml"
    text = "".join(one for one in page_map.read_text("utf-8").splitlines(True) if not one.startswith("window:"))
    page_map.write_text(text.replace("pages:\n", f"{line}pages:\n", 1), encoding="utf-8")


def stands(folder: Path) -> tuple[Status, str | None]:
    with Project(folder).store() as store:
        ((one,),) = [store.transactions(item.id) for item in store.work_items()]
    return one.status, one.reason


def test_a_run_outside_the_hours_ends_says_when_it_opens_and_leaves_the_work(benefits: Lane) -> None:
    folder = benefits.project("CL-920001")
    hours(folder, timedelta(hours=2), timedelta(hours=4))

    ran = rpa("run", benefits.bot, folder=folder)

    opens = datetime.now(UTC) + timedelta(hours=2)
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert f"Closed: benefits opens {opens:%Y-%m-%d %H}:" in ran.stdout
    assert stands(folder) == (Status.NEW, None)
    hours(folder, -timedelta(hours=2), timedelta(hours=2))
    assert benefits.settle(folder) is Status.CONFIRMED


def test_hours_that_end_while_the_form_is_filled_stop_before_the_press(
    benefits: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    def later() -> datetime:
        """Return the time as it is once the form is filled: after the hours."""
        return datetime.now(UTC) + timedelta(hours=3)

    folder = benefits.project("CL-920002")
    hours(folder, -timedelta(hours=2), timedelta(hours=2))
    monkeypatch.setattr(performer, "clock", SimpleNamespace(now=later))

    class Once(Alone):
        """Says that there is nothing more after the first."""

        asked = 0

        def stop(self) -> bool:
            """Let one transaction be taken."""
            self.asked += 1
            return self.asked > 1

    work(Order(folder=folder, bot=benefits.bot, system="benefits"), Once())

    assert stands(folder) == (Status.NEW, "benefits closed before the press")
    assert benefits.rows("CL-920002") == 0
