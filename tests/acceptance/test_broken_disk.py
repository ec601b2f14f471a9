"""The disk fails at a sync around the press: what it did not take was not acknowledged, nothing enters twice."""

from collections.abc import Iterator

import pytest

from rpa.work import Status
from tests.kills.lane import Lane, lane, promised


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("disk")) as one:
        yield one


@pytest.fixture(scope="module")
def promise(benefits: Lane) -> int:
    return promised(benefits.effects("CL-950000"))


def test_a_promise_that_the_disk_did_not_take_is_not_pressed(benefits: Lane, promise: int) -> None:
    folder = benefits.project("CL-950001")

    ended = benefits.victim(folder, promise, "before", "sync")

    assert ended.returncode > 0
    assert "the disk failed under" in ended.stderr
    assert benefits.rows("CL-950001") == 0
    assert benefits.settle(folder) in {Status.CONFIRMED, Status.IN_DOUBT}
    assert benefits.rows("CL-950001") <= 1


def test_what_was_pressed_before_the_disk_failed_is_found_in_the_system_and_not_pressed_again(
    benefits: Lane, promise: int
) -> None:
    folder = benefits.project("CL-950002")

    ended = benefits.victim(folder, promise + 1, "after", "sync")

    assert ended.returncode > 0
    assert "the disk failed under" in ended.stderr
    assert benefits.rows("CL-950002") == 1
    assert benefits.settle(folder) is Status.CONFIRMED
    assert benefits.rows("CL-950002") == 1
