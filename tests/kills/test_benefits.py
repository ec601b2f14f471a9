"""The process is killed before and after every effect of a transaction in benefits; nothing is lost or doubled."""

from pathlib import Path

import pytest

from rpa.work import Status
from tests.kills.lane import kill_everywhere, lane, report


@pytest.mark.timeout(900)
def test_a_kill_at_any_moment_neither_loses_nor_doubles_an_entry(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with lane("benefits", tmp_path) as one:
        ends = kill_everywhere(one)

        assert len(ends) >= 5, "too few kills to say anything"
        doubtful = [place for place, status in ends.items() if status is Status.IN_DOUBT]
        between = ("after", "submitting"), ("before", "Screen.press")  # promised, and not pressed
        assert all(any(when in place and effect in place for when, effect in between) for place in doubtful), (
            doubtful
        )
        with capsys.disabled():
            print(f"\n{report(one, ends)}")  # noqa: T201  # the count is what this test is for
