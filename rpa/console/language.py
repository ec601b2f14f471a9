"""The languages of the pages: the words of each, and how it writes numbers, lengths of time, dates and moments."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from rpa import clock

TEXTS = Path(__file__).parent / "texts"
CODES = ("en", "es")
"""Each has a file of words; the first is that of whoever asks for none of them."""

NOMINAL = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d\b")
"""A time of a schedule as the ledger writes it."""

UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


@dataclass(frozen=True)
class Language:
    """One language, as the United States write it; *words* are what staff read, by the keys of its file."""

    locale: Locale
    words: Mapping[str, Any]

    @property
    def code(self) -> str:
        """What browsers and documents call it: "es"."""
        return self.locale.language

    @property
    def name(self) -> str:
        """What it calls itself: "Español"."""
        return (self.locale.get_language_name() or self.code).capitalize()

    def counted(self, count: int, words: Mapping[str, str]) -> str:
        """Return *count* with those of *words* that it asks for, by the names of CLDR: one, many, other."""
        return f"{self.number(count)} {self.form(count, words)}"

    def form(self, count: int, words: Mapping[str, str]) -> str:
        """Return those of *words* alone."""
        return words[self.locale.plural_form(count)]

    def number(self, value: float, places: int = 0) -> str:
        """Return a number with *places* digits behind the point."""
        return format_decimal(value, format=f"#,##0.{'0' * places}", locale=self.locale)

    def percent(self, share: float) -> str:
        """Return a share of one as a percentage."""
        return format_percent(share, locale=self.locale)

    def hours(self, length: timedelta) -> str:
        """Return a length of time in hours and tenths, or below an hour in minutes."""
        if length < timedelta(hours=1):
            return self.minutes(length)
        return self._unit(round(length / timedelta(hours=1), 1), "hour")

    def minutes(self, length: timedelta) -> str:
        """Return a length of time in minutes."""
        return self._unit(round(length / timedelta(minutes=1), 1), "minute")

    def ago(self, at: datetime, now: datetime | None = None) -> str:
        """Return how long ago a moment was, as people say it: "3 days"."""
        past = (now or clock.now()) - at
        for unit, length in UNITS:
            if past >= length:
                return self._unit(past // length, unit)
        return str(self.words["time"]["now"])

    def moment(self, at: datetime) -> str:
        """Return a moment for people, in this machine's zone."""
        here = at.astimezone()
        return f"{self.date(here)}, {self.clock(here.time())} {here:%Z}"

    def weekday(self, at: datetime) -> str:
        """Return a moment with its day of the week, in its own zone."""
        day = format_date(at, "EEE", locale=self.locale)
        return f"{day}, {self.date(at)}, {self.clock(at.time())} {at:%Z}"

    def timed(self, text: str) -> str:
        """Return words of the ledger with each time by a schedule's own clock as people write it."""
        return NOMINAL.sub(lambda found: self._local(datetime.fromisoformat(found[0])), text)

    def _local(self, at: datetime) -> str:
        return f"{self.date(at)}, {self.clock(at.time())}"

    def hour(self, text: str) -> str:
        """Return a time of the day that is written as "06:00"."""
        return self.clock(time.fromisoformat(text))

    def clock(self, at: time) -> str:
        """Return a time of the day."""
        return format_time(at, "short", locale=self.locale)

    def day(self, at: datetime) -> str:
        """Return a moment's date for people, in this machine's zone."""
        return self.date(at.astimezone())

    def date(self, one: date) -> str:
        """Return a date for people."""
        return format_date(one, "medium", locale=self.locale)

    def written(self, text: str, kind: str) -> str:
        """Return a value of a record, by the type of its field: a date or an amount as people write it."""
        try:
            if kind == "date":
                return self.date(date.fromisoformat(text))
            if kind == "money":
                return format_decimal(Decimal(text), format="#,##0.00", locale=self.locale)
        except (ValueError, InvalidOperation):  # it was read by an older bot, which said otherwise of the field
            return text
        return text

    def _unit(self, count: float, unit: str) -> str:
        return format_unit(count, f"duration-{unit}", locale=self.locale)


@cache
def language(code: str) -> Language:
    """Return the language of a code in `CODES`."""
    words = tomllib.loads((TEXTS / f"{code}.toml").read_text("utf-8"))
    return Language(Locale(code, "US"), words)


def languages() -> list[Language]:
    """Return them all."""
    return [language(code) for code in CODES]
