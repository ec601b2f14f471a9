"""The days of an office: holidays of a country and a state, closures of its own, and business days."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

DAY = timedelta(days=1)
WEEKEND = frozenset({5, 6})

LONGEST = 366
"""Days that are looked through for a business day: an office that is closed for a year has none."""


class OfficeDays:
    """Which days are business days. Without a country, Saturday and Sunday are the weekend."""

    def __init__(self, country: str | None, state: str | None, closed: Collection[date]) -> None:
        self._country, self._state, self._closed = country, state, frozenset(closed)

    def is_closed(self, day: date) -> bool:
        """Tell whether it is a holiday or the office's own closure; a weekend alone is neither."""
        return day in self._closed or (self._holidays is not None and day in self._holidays)

    def is_business_day(self, day: date) -> bool:
        """Tell whether the office works."""
        return not self._is_weekend(day) and not self.is_closed(day)

    def moved(self, day: date, step: int) -> date | None:
        """Return the nearest business day from *day*, forward (*step* 1) or back (-1); None if there is none."""
        days = (day + step * DAY * count for count in range(LONGEST))
        return next((one for one in days if self.is_business_day(one)), None)

    def number(self, day: date) -> tuple[int, int] | None:
        """Return which business day of its month it is, from the first (1) and from the last (-1)."""
        if not self.is_business_day(day):
            return None
        month = [one for one in _month(day) if self.is_business_day(one)]
        place = month.index(day)
        return place + 1, place - len(month)

    def _is_weekend(self, day: date) -> bool:
        if self._holidays is None:
            return day.weekday() in WEEKEND
        return bool(self._holidays.is_weekend(day))

    @cached_property
    def _holidays(self) -> Any:
        if self._country is None:
            return None
        from holidays import country_holidays

        return country_holidays(self._country, subdiv=self._state)


def has_holidays(country: str, state: str | None) -> bool:
    """Tell whether the holidays of a country, and of its state, are known."""
    from holidays import country_holidays

    try:
        country_holidays(country, subdiv=state)
    except NotImplementedError:
        return False
    return True


def countries() -> Mapping[str, Collection[str]]:
    """Return the countries whose holidays are known, each with its states or provinces. Loads them all: 0.3 s."""
    from holidays import list_supported_countries

    found: Mapping[str, Collection[str]] = list_supported_countries()
    return found


def _month(day: date) -> list[date]:
    first = day.replace(day=1)
    days = (first + DAY * count for count in range(31))
    return [one for one in days if one.month == day.month]
