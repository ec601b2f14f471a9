"""What the library and the bots' authors say of a record, in the reader's language.

The ledger keeps each reason as it was said, in one language. A page knows it again by its template, and says it as
the language's file in `texts/messages/` does; what an author gave in several languages is known by its first one.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts" / "messages"
WITHIN, PERHAPS = "words", "place"
"""Begin the name of a place: what stands there must be known too, or is said in the language where it is."""

OF_OTHERS = ("reason", "refusal")
"""Places of what a person or a system has said."""

BETWEEN = "; "
"""Stands between several messages that were said together."""

LONGEST, DEEPEST, TOGETHER = 4000, 5, 4
"""Letters of a text that is looked at, messages in messages, parts by `BETWEEN` in one: we say no more."""

REMEMBERED = 2000
"""Texts of which each language remembers how it says them."""


@dataclass(frozen=True)
class Template:
    """One message: the *pattern* by which it is known, the longest of its own words, and how it is said."""

    pattern: re.Pattern[str]
    surely: str
    words: str


class Messages:
    """The messages of one language; *own* are those of the authors, by their first language."""

    def __init__(self, templates: Mapping[str, str], own: Mapping[str, str]) -> None:
        surest_first = sorted(templates, key=lambda one: len("".join(_literals(one))), reverse=True)
        self._templates = [
            Template(_pattern(one), max(_literals(one), key=len), templates[one]) for one in surest_first
        ]
        self._own = own
        self._find = lru_cache(REMEMBERED)(self._found)

    def say(self, text: str) -> str:
        """Return *text* in the language; a part that nobody gave in it stays as it is."""
        return (self._joined(text, DEEPEST) if len(text) <= LONGEST else None) or text

    def _joined(self, text: str, depth: int) -> str | None:
        """Return what was said together, None where no part of it is known."""
        parts = text.split(BETWEEN)
        told, known = list[str](), False
        while parts and depth:
            count, words = self._longest(parts, depth)
            known, told = known or words is not None, [*told, words or parts[0]]
            parts = parts[count:]
        return BETWEEN.join(told) if known else None

    def _longest(self, parts: list[str], depth: int) -> tuple[int, str | None]:
        """Return how many of the first parts are one message, and how it is said."""
        for count in range(min(len(parts), TOGETHER), 0, -1):
            if (words := self._find(BETWEEN.join(parts[:count]), depth)) is not None:
                return count, words
        return 1, None

    def _found(self, text: str, depth: int) -> str | None:
        if text in self._own:
            return self._own[text]
        likely = (one for one in self._templates if one.surely in text)
        return next(filter(None, (self._said(text, one, depth) for one in likely)), None)

    def _said(self, text: str, template: Template, depth: int) -> str | None:
        found = template.pattern.fullmatch(text)
        if found is None:
            return None
        values = {name: self._within(name, value, depth - 1) for name, value in found.groupdict().items()}
        known = {name: value for name, value in values.items() if value is not None}
        return template.words.format_map(known) if len(known) == len(values) else None

    def _within(self, name: str, value: str, depth: int) -> str | None:
        if not name.startswith((WITHIN, PERHAPS)):
            return value
        return self._joined(value, depth) or (value if name.startswith(PERHAPS) else None)


@cache
def templates(code: str) -> Mapping[str, str]:
    """Return what the library says, and how the language does; nothing for the library's own language."""
    path = FOLDER / f"{code}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def _literals(template: str) -> list[str]:
    return re.split(r"\{\w+\}", template)


def _pattern(template: str) -> re.Pattern[str]:
    """Return a pattern that takes a long text no longer: each place ends where what follows it first stands."""
    first, *rest = re.split(r"\{(\w+)\}", template)
    names, literals = rest[::2], list(map(re.escape, rest[1::2]))
    places = map(_place, names)
    *parts, last = [f"{place}{literal}" for place, literal in zip(places, literals, strict=True)] or [""]
    return re.compile(re.escape(first) + "".join(f"(?>{part})" for part in parts) + last, re.DOTALL)


def _place(name: str) -> str:
    """Return the pattern of a place; only what somebody else has said can be several messages."""
    several = name.startswith((WITHIN, *OF_OTHERS))
    return f"(?P<{name}>.+?)" if several else f"(?P<{name}>(?:(?!{BETWEEN}).)+?)"
