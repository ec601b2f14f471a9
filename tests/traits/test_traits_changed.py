"""The page has changed, or dies: nothing is promised, and the author is told what is wrong, with a picture."""

import re
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from rpa.work import Status
from tests.rpa.browser.small_site import Reply
from tests.traits.registry import NEW, Registry, entered, keep, registry

AMOUNT = "<label>Amount <input name=amount></label>"
CHANGED = {
    "a field is gone": (NEW.replace(AMOUNT, ""), "Entry: Amount: 'Amount' is not on the screen"),
    "a field is there twice": (NEW + AMOUNT, "Entry: Amount: 'Amount' is on the screen 2 times"),
    "the button is gone": (NEW.replace("Save<", "Store<"), r"'Save' is not on the screen \(seen: Store\)"),
    "a new required field": (
        NEW.replace(AMOUNT, AMOUNT + "<label>Policy year <input name=year required></label>"),
        "'Save' would not be sent: the browser wants Policy year filled in",
    ),
    "another page": ("<h1>Moved to the new portal</h1>", "Entry did not come within 1 s"),
    "a question": (
        NEW + "<script>confirm('Use the new form?')</script>",
        "Use the new form",
    ),
}


@pytest.mark.parametrize("change", CHANGED, ids=list(CHANGED))
def test_a_page_that_changed_is_told_and_pictured_before_anything_is_promised(
    chromium: Browser, tmp_path: Path, change: str
) -> None:
    page, said = CHANGED[change]
    with registry(form=lambda: page) as one:
        transaction = entered(chromium, one, tmp_path, timeout="1s", pictures=True)

        assert transaction.status is Status.NEW
        assert transaction.promised is None
        assert re.search(said, str(transaction.reason)), transaction.reason
        assert one.rows == []
    assert [(tmp_path / "evidence" / name).exists() for name in transaction.receipt.evidence] == [True]


def crash() -> None:
    """Kill what draws and runs the browser's pages, as a machine without memory does."""
    for process in psutil.Process().children(recursive=True):
        if "--type=renderer" in process.cmdline():
            process.kill()


def test_a_page_that_crashes_before_the_press_is_told_and_tried_again(chromium: Browser, tmp_path: Path) -> None:
    def crashing() -> str:
        crash()
        return ""

    asks = "<script>const asked = new XMLHttpRequest(); asked.open('GET', '/crash', false); asked.send()</script>"
    with registry(form=lambda: NEW + asks) as one:
        assert one.site is not None
        one.site.pages["/crash"] = crashing
        transaction = entered(chromium, one, tmp_path, pictures=True)

        assert (transaction.status, one.rows) == (Status.NEW, [])
        assert "the page crashed" in str(transaction.reason)


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_a_page_that_crashes_at_the_press_leaves_it_to_the_search(
    chromium: Browser, tmp_path: Path, *, kept: bool
) -> None:
    def crashing(registry: Registry, row: dict[str, str]) -> str | Reply:
        crash()
        return keep(registry, row) if kept else NEW

    with registry(crashing) as one:
        transaction = entered(chromium, one, tmp_path)

        assert transaction.status is (Status.CONFIRMED if kept else Status.IN_DOUBT)
        assert len(one.rows) == kept
        if not kept:
            assert "at the press: " in str(transaction.reason)
            assert "the page crashed" in str(transaction.reason)
