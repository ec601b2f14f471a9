"""Templates, each rendered in a language: its words are `t`, and its ways to write things are filters."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rpa.console.language import Language, language
from rpa.console.place import place_words
from rpa.console.roles import menu_of

HERE = Path(__file__).parent
WAYS = (
    "counted",
    "form",
    "number",
    "percent",
    "hours",
    "minutes",
    "ago",
    "moment",
    "weekday",
    "timed",
    "hour",
    "day",
    "date",
    "written",
)
"""The filters that are ways of a language to write something."""


def rendered(template: str, spoken: Language, values: Mapping[str, Any]) -> str:
    """Return a page."""
    return _environment(spoken.code).get_template(template).render(values)


@cache
def _environment(code: str) -> Environment:
    """Return what renders pages in one language alone: nothing of it is shared with another one."""
    spoken = language(code)
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"t": spoken.words, "spoken": spoken, "menu_of": menu_of}
    environment.filters |= {"fill": fill, "place": partial(place_words, words=spoken.words)}
    for name in WAYS:
        environment.filters[name] = getattr(spoken, name)
    return environment


def fill(words: str, **values: Any) -> str:
    """Return *words* with the values in their places."""
    return words.format_map(values)
