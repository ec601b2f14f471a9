"""What is wrong with a file, in the language's own words: each mistake with its place and what to do."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotated_types import Ge, Le
from pydantic import BaseModel, ValidationError

from rpa.definitions.explain_step import step_problem
from rpa.definitions.meant import listed, meant
from rpa.definitions.model import Spot, keys, spot
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem


@dataclass(frozen=True)
class Mistake:
    """One thing that does not fit the typed definition: where, what was *given*, what pydantic knows of it.

    *missing* are the ways to all keys that are missing in the file: a misspelt key is probably one of them.
    """

    source: Source
    spot: Spot
    given: Any
    context: Mapping[str, Any]
    missing: Collection[Location]

    @property
    def name(self) -> str:
        """The last word of the way to it, or which item of a list it is."""
        way = self.spot.way
        if way and isinstance(way[-1], int):
            return f"item {way[-1] + 1} of `{way[-2]}`"
        return f"`{way[-1]}`" if way and way[-1] else "the file" if not way else "a name"

    @property
    def known(self) -> Collection[str]:
        """The keys that may stand here."""
        return keys(self.spot.model) if self.spot.model else ()

    @property
    def meant(self) -> str | None:
        """The key that this unknown one was probably meant to be."""
        way = self.spot.way
        missing = [str(one[-1]) for one in self.missing if one[:-1] == way[:-1]]
        return meant(str(way[-1]), missing) or meant(str(way[-1]), self.known)

    def problem(self, message: str, *, at_key: bool = False) -> Problem:
        """Return the mistake as a problem at its value, or at its key."""
        return self.source.problem(self.spot.way, message, at_key=at_key)


def explain(error: ValidationError, source: Source, kind: type[BaseModel]) -> list[Problem]:
    """Return every mistake that makes *source* no definition of *kind*."""
    told = [(one["type"], spot(kind, one["loc"]), one) for one in error.errors(include_url=False)]
    missing = [place.way for word, place, _ in told if word == "missing"]
    found = [
        (word, Mistake(source, place, one["input"], one.get("ctx", {}), missing)) for word, place, one in told
    ]
    misspelt = {(*one.spot.way[:-1], one.meant) for word, one in found if word == "extra_forbidden"}
    problems = [_explained(word, one) for word, one in found if word != "missing" or one.spot.way not in misspelt]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _explained(word: str, mistake: Mistake) -> Problem:
    if mistake.given == "" and word not in ("missing", "extra_forbidden"):
        return _empty(mistake)
    return _WORDS.get(word, _not_understood)(mistake)


def _about(mistake: Mistake) -> str:
    return f": {mistake.spot.about}" if mistake.spot.about else ""


def _missing(mistake: Mistake) -> Problem:
    return mistake.problem(f"{mistake.name} is missing{_about(mistake)}")


def _unknown_key(mistake: Mistake) -> Problem:
    close = f"; did you mean `{mistake.meant}`?" if mistake.meant else f"; known: {listed(mistake.known)}"
    return mistake.problem(f"unknown key {mistake.name}{close}", at_key=True)


def _must_be(what: str) -> Callable[[Mistake], Problem]:
    return lambda mistake: mistake.problem(f"{mistake.name} must be {what}")


def _number(mistake: Mistake) -> Problem:
    limits = list(_limits(mistake.spot))
    return mistake.problem(f"{mistake.name} must be a number {' '.join(limits)}".rstrip())


def _limits(place: Spot) -> Iterator[str]:
    for limit in place.key.metadata if place.key else ():
        if isinstance(limit, Ge):
            yield f"from {limit.ge}"
        if isinstance(limit, Le):
            yield f"to {limit.le}"


def _one_of(mistake: Mistake) -> Problem:
    known = re.findall(r"'([^']*)'", mistake.context["expected"])
    return mistake.problem(f"{mistake.name} must be one of {listed(known)}")


def _own_words(mistake: Mistake) -> Problem:
    return mistake.problem(f"{mistake.name}: {mistake.context['error']}")


def _not_understood(mistake: Mistake) -> Problem:
    given = f"can't be `{mistake.given}`" if isinstance(mistake.given, str) else "is not understood"
    return mistake.problem(f"{mistake.name} {given}{_about(mistake)}")


def _too_many(mistake: Mistake) -> Problem:
    return mistake.problem(f"{mistake.name} holds too many{_about(mistake)}")


def _empty(mistake: Mistake) -> Problem:
    return mistake.problem(f"{mistake.name} is empty{_about(mistake)}", at_key=True)


def _step(mistake: Mistake) -> Problem:
    return step_problem(mistake.source, mistake.spot.way, mistake.given)


_TEXTS = "a text or a list of texts"
_PAIRS = "keys and values, each as `key: value`"
_WORDS: Mapping[str, Callable[[Mistake], Problem]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "string_type": _must_be("one text"),
    "list_type": _must_be("a list, in which each item begins with `-`"),
    "tuple_type": _must_be(_TEXTS),
    "dict_type": _must_be(_PAIRS),
    "model_type": _must_be(_PAIRS),
    "bool_parsing": _must_be("`true` or `false`"),
    "bool_type": _must_be("`true` or `false`"),
    "int_parsing": _number,
    "int_parsing_size": _number,
    "int_type": _number,
    "greater_than_equal": _number,
    "less_than_equal": _number,
    "literal_error": _one_of,
    "value_error": _own_words,
    "too_short": _empty,
    "too_long": _too_many,
    "union_tag_not_found": _step,
}
"""Pydantic's word for a mistake -> how it is told."""
