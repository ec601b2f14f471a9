"""Templates and their words. Every word that staff read stands in `texts/`, so that another language can come."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rpa.console.roles import menu_of

HERE = Path(__file__).parent


@cache
def texts() -> Mapping[str, Any]:
    """Return the words of the console."""
    return tomllib.loads((HERE / "texts" / "en.toml").read_text("utf-8"))


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """Return a page."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["t"] = texts()
    environment.filters |= {
        "fill": fill,
        "counted": counted,
        "ago": ago,
        "moment": moment,
        "day": day,
        "date": date_of,
    }
    environment.globals["menu_of"] = menu_of
    return environment


def fill(words: str, **values: Any) -> str:
    """Return *words* with the values in their places."""
    return words.format_map(values)


def counted(count: int, words: list[str]) -> str:
    """Return *count* with the singular or the plural of *words*."""
    return f"{count:,} {words[count != 1]}"


def ago(at: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was, as people say it: "3 days"."""
    seconds = int(((now or datetime.now(UTC)) - at).total_seconds())
    words = texts()["time"]
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= length:
            return counted(seconds // length, words[unit])
    return str(words["now"])


def moment(at: datetime) -> str:
    """Return a moment for people, in this machine's zone."""
    here = at.astimezone()
    return f"{here:%b} {here.day}, {here:%Y, %H:%M %Z}"


def day(at: datetime) -> str:
    """Return a moment's date for people."""
    return date_of(at.astimezone().date())


def date_of(one: date) -> str:
    """Return a date for people."""
    return f"{one:%b} {one.day}, {one:%Y}"
