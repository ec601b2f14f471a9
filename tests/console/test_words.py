"""Everything that the pages may have to say has its words in each language, and no template says any by itself."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from rpa.audit.entry import Event
from rpa.console.language import Language, language, languages
from rpa.store.intake import EVENTS
from rpa.store.review import AGAIN, DISMISSED, TAKEN
from rpa.work import Status

PAGES = Path(__file__).resolve().parents[2] / "rpa" / "console" / "templates"
PLURAL = {"en": {"one", "other"}, "es": {"one", "many", "other"}}
SPOKEN = re.compile(r">([^<>]*)<|(?:aria-label|alt|title|placeholder|data-label|data-words)=\"([^\"]*)\"")
"""What of a page somebody reads or hears: what stands between tags, and the attributes that are words."""


def words(way: str) -> Any:
    found: Any = language("en").words
    for name in way.split("."):
        found = found[name] if isinstance(found, Mapping) and name in found else None
    return found


def plain(texts: Mapping[str, Any], *above: str) -> Iterator[tuple[str, str]]:
    """Yield each text by its way; what is counted is one text, whose plural forms are looked at elsewhere."""
    for name, held in texts.items():
        if isinstance(held, str):
            yield ".".join((*above, name)), held
        elif is_counted(held):
            yield ".".join((*above, name)), held["other"]
        else:
            yield from plain(held, *above, name)


def is_counted(held: Mapping[str, Any]) -> bool:
    return set(held) <= {"one", "two", "few", "many", "other"}


def counted(texts: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for held in texts.values():
        if isinstance(held, Mapping):
            yield from [held] if is_counted(held) else counted(held)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def hard_coded(page: str) -> list[str]:
    """Return what a template says by itself: letters that are left of what is read once Jinja's parts are out."""
    jinja = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
    bare = jinja.sub("", page)
    said = [re.sub(r'[\w-]+="[^"]*"', "", between) or attribute for between, attribute in SPOKEN.findall(bare)]
    within = [text for part in jinja.findall(page) for text in re.findall(r'"([A-Z][a-z ,]+)"', part)]
    return [text.strip() for text in [*said, *within] if re.search(r"[^\W\d_]{2}", text)]


@pytest.mark.parametrize("spoken", languages(), ids=lambda spoken: spoken.code)
def test_every_event_status_and_outcome_has_its_words(spoken: Language) -> None:
    texts = spoken.words
    assert set(texts["event"]) == set(Event)
    assert set(texts["status"]) == set(texts["status_about"]) == set(Status)
    assert set(texts["record"]) == {*EVENTS, TAKEN, DISMISSED}
    assert set(texts["outcome"]) == {"read", "duplicate", "quarantined", AGAIN, DISMISSED}


def test_no_template_asks_for_words_that_are_not_there() -> None:
    asked = {
        way for page in PAGES.glob("*.html") for way in re.findall(r"\bt\.([a-z_.]+)", page.read_text("utf-8"))
    }

    assert len(asked) > 100
    assert {way for way in asked if words(way.rstrip(".")) is None} == {"verdict.get"}


def test_each_language_says_everything_with_the_same_values_in_it() -> None:
    english, spanish = dict(plain(language("en").words)), dict(plain(language("es").words))

    assert english.keys() ^ spanish.keys() == set()
    assert {way for way, text in english.items() if placeholders(text) != placeholders(spanish[way])} == set()


@pytest.mark.parametrize("spoken", languages(), ids=lambda spoken: spoken.code)
def test_what_is_counted_has_words_for_every_number(spoken: Language) -> None:
    found = list(counted(spoken.words))

    assert len(found) > 10
    assert all(set(forms) == PLURAL[spoken.code] == spoken.locale.plural_form.tags | {"other"} for forms in found)


def test_no_english_text_was_left_as_it_is_in_spanish() -> None:
    english, spanish = dict(plain(language("en").words)), dict(plain(language("es").words))
    same = {way for way, text in english.items() if text == spanish[way] and re.search(r"[a-z]{3} [a-z]{3}", text)}

    assert same == set()


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda page: page.name)
def test_no_template_says_anything_by_itself(page: Path) -> None:
    assert hard_coded(page.read_text("utf-8")) == []


def test_a_template_that_says_something_by_itself_is_found() -> None:
    page = '<p>Nothing was <b>sent</b></p><img alt="A page">{{ t.go }}{{ "Yes" if sent else t.no }}'

    assert hard_coded(page) == ["Nothing was", "sent", "A page", "Yes"]
