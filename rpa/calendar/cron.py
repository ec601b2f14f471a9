"""Cron expressions as clocks on a wall read them: five fields, as in Unix.

A time of day is looked for in local time alone, as if clocks were never changed; `rpa.calendar.zones` then says
which moment it is. So a change of the clock can neither lose a day nor double one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")

SECOND = timedelta(seconds=1)

BEGIN = datetime(2026, 1, 1)  # noqa: DTZ001  # a clock on a wall has no zone
"""From when on an expression is asked whether it ever comes."""


class CronError(ValueError):
    """This is no cron expression that ever comes."""


class Cron:
    """One expression. Names of months and days are taken, and Sunday is 0 or 7.

    Where both the day of the month and the day of the week are restricted, a day that fits either is taken, as
    cron(5) has it.
    """

    def __init__(self, expression: str) -> None:
        fields = expression.split()
        if len(fields) != len(FIELDS):
            raise CronError(f"a cron expression has five fields ({', '.join(FIELDS)}); this one has {len(fields)}")
        self._expression = " ".join(fields)
        self._hour, self._days = fields[1], fields[2::2]
        self._comes()

    @property
    def hourly(self) -> bool:
        """Tell whether it goes on in every hour, so that also an hour that comes twice is to be filled."""
        return self._hour == "*"

    @property
    def daily(self) -> bool:
        """Tell whether every day of the month fits."""
        return self._days == ["*", "*"]

    def walls(self, begin: datetime) -> Iterator[datetime]:
        """Yield the local times from *begin* on (without a zone), in order; none twice."""
        from cronsim import CronSim

        yield from CronSim(self._expression, begin - SECOND)

    def _comes(self) -> None:
        """Raise `CronError` where the expression can't be read, or no such day exists."""
        from cronsim import CronSimError

        try:
            if next(self.walls(BEGIN), None) is None:
                raise CronError(f"no time fits the day of `{self._expression}`")
        except CronSimError as error:
            field = str(error).removeprefix("Bad ").replace("-", " ")
            raise CronError(f"no time fits the {field} of `{self._expression}`") from None
