"""A worker dies between its promise and its press: the bot may let what is not there be entered once more."""

from pathlib import Path

from rpa.project import Project
from rpa.work import Status
from tests.kills.lane import Lane, lane


def killed(one: Lane, folder: Path, promise: int) -> None:
    """Let a worker die right after its promise."""
    assert one.victim(folder, promise, "after").returncode < 0


def lets(folder: Path) -> None:
    """Let the bot enter again what the system says it does not hold."""
    bot = next((folder / "bots").glob("*.yaml"))
    text = bot.read_text("utf-8").replace("    create:\n", "    if_absent: enter_again\n    create:\n")
    bot.write_text(text, encoding="utf-8")


def test_what_the_system_does_not_hold_after_settle_is_entered_once_where_the_bot_says_so(tmp_path: Path) -> None:
    with lane("benefits", tmp_path) as one:
        effects = one.effects("CL-970000")
        promise = next(number for number, effect in enumerate(effects) if "submitting" in effect)

        asked, again = one.project("CL-970001"), one.project("CL-970002")
        lets(again)
        for folder in (asked, again):
            killed(one, folder, promise)

        assert one.settle(asked) is Status.IN_DOUBT
        assert one.settle(again) is Status.CONFIRMED
        assert (one.rows("CL-970001"), one.rows("CL-970002")) == (0, 1)
        with Project(again).store() as store:
            assert [one["event"] for one in store.log.read()].count("transaction.enter_again") == 1
