"""Everything that the pages may have to say has its words, and no template asks for words that are not there."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rpa.audit.entry import Event
from rpa.console.showing import texts
from rpa.store.intake import EVENTS
from rpa.store.review import AGAIN, DISMISSED, TAKEN
from rpa.work import Status

PAGES = Path(__file__).resolve().parents[2] / "rpa" / "console" / "templates"


def words(way: str) -> Any:
    found: Any = texts()
    for name in way.split("."):
        found = found[name] if isinstance(found, Mapping) and name in found else None
    return found


def test_every_event_status_and_outcome_has_its_words() -> None:
    assert set(texts()["event"]) == set(Event)
    assert set(texts()["status"]) == set(texts()["status_about"]) == set(Status)
    assert set(texts()["record"]) == {*EVENTS, TAKEN, DISMISSED}
    assert set(texts()["outcome"]) == {"read", "duplicate", "quarantined", AGAIN, DISMISSED}


def test_no_template_asks_for_words_that_are_not_there() -> None:
    asked = {
        way for page in PAGES.glob("*.html") for way in re.findall(r"\bt\.([a-z_.]+)", page.read_text("utf-8"))
    }

    assert len(asked) > 100
    assert {way for way in asked if words(way.rstrip(".")) is None} == {"verdict.get"}
