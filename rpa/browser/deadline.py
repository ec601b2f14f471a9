"""How much time is left for a task that takes several calls."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock, in seconds."""

    moment: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the moment *seconds* from now."""
        return cls(time.monotonic() + seconds)

    def milliseconds(self) -> float:
        """Return what is left, never less than nothing."""
        return max(0.0, self.moment - time.monotonic()) * 1000

    def over(self) -> bool:
        """Tell whether the moment has passed."""
        return time.monotonic() >= self.moment
