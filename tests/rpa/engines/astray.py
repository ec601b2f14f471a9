"""A machine whose clock is wrong: what its Python says of the time, from the start of every process on."""

WRONG = """
import datetime, time
REAL, AWAY, SECONDS = datetime.datetime, datetime.timedelta(hours={hours}), time.time
class Kind(type):
    def __instancecheck__(cls, one):
        return isinstance(one, REAL)
class Astray(REAL, metaclass=Kind):
    @classmethod
    def now(cls, tz=None):
        return REAL.now(tz) + AWAY
    @classmethod
    def utcnow(cls):
        return REAL.utcnow() + AWAY
datetime.datetime = Astray
time.time = lambda: SECONDS() + AWAY.total_seconds()
"""


def wrong_by(hours: int) -> str:
    """Return a `sitecustomize.py` by which the clock is so many hours ahead."""
    return WRONG.format(hours=hours)
