"""A contest: several ways to do one thing, taking turns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.figures import Figures

WARM_UPS = 1
"""Rounds before the measured ones: imports, caches and the browser's own start belong to nobody. A single round
has none: it shows that the contest runs, and no figure."""


@dataclass(frozen=True)
class Contender:
    """One way. *once* does the whole thing, checks what came of it, and returns the milliseconds it took."""

    key: str
    title: str
    once: Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a contest. *unit* says what a time is for; *more* are further figures, by their key."""

    key: str
    title: str
    unit: str
    contenders: Sequence[Contender]
    times: Mapping[str, Figures]
    more: Mapping[str, float] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def shares(self, of: str) -> Mapping[str, Figures]:
        """Return each contender's share of the time of *of*; nothing where that did not take part."""
        if of not in self.times:
            return {}
        return {key: times.share_of(self.times[of]) for key, times in self.times.items()}


def take_turns(contenders: Sequence[Contender], rounds: int) -> dict[str, Figures]:
    """Let each contender do it once a round, and begin each round with another one."""
    times: dict[str, list[float]] = {contender.key: [] for contender in contenders}
    warm_ups = WARM_UPS if rounds > 1 else 0
    for number in range(rounds + warm_ups):
        first = number % len(contenders)
        for contender in (*contenders[first:], *contenders[:first]):
            took = contender.once()
            if number >= warm_ups:
                times[contender.key].append(took)
    return {key: Figures(tuple(values)) for key, values in times.items()}
