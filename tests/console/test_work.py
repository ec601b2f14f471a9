"""The work queue: what is urgent can be seen."""

from pathlib import Path

from tests.console.client import Client
from tests.rpa.store.ledgers import tamper


def test_priority_and_deadline_are_shown_once_a_bot_gives_them(people: dict[str, Client], folder: Path) -> None:
    assert "Priority" not in people["vic"].get("/work").text
    said = "UPDATE work_items SET priority = {}, deadline = {} WHERE id = 1"
    tamper(folder, said.format(86, "'2026-11-12 12:00:00.000000'"))
    shown = people["vic"].get("/work").text
    tamper(folder, said.format(100, "NULL"))

    assert 'data-label="Priority">86<' in shown
    assert 'data-label="Priority">100<' in shown
    assert "Nov 12, 2026" in shown or "2026-11-12" in shown or "11/12/2026" in shown
