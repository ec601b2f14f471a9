"""What goes wrong in one round, drawn from its seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.chaos.points import KINDS

SAVES, OTHERS = 0.3, 0.005
"""Shares of the saves, and of other requests, that a system spoils."""

EFFECTS = 40
"""After how many effects of a worker a fault comes, on average."""

SYSTEMS = ("benefits", "payments")
ENDINGS = ("kill run", "kill all", "terminate run")
ON_MACHINES = ("kill machine", "freeze machine", "crash server", "cut connections")
"""What happens to a run whose workers are on two machines, and that goes on."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """The faults of one life of a run: those that workers do to themselves, and how and when the run is ended."""

    points: Sequence[Mapping[str, str | int]] = ()
    ending: str = ""
    after: float = 0.0


CALM = Life()


def lives(seed: str, *, machines: bool = False) -> list[Life]:
    """Return the lives of a round; after them the weather is calm."""
    chance = random.Random(seed)
    return [_life(chance, machines=machines) for _ in range(chance.randint(3, 5))]


def _life(chance: random.Random, *, machines: bool) -> Life:
    points = [_point(chance) for _ in range(chance.randint(2, 4))]
    endings = (*ENDINGS, *ON_MACHINES) if machines else ENDINGS
    if chance.random() < (0.8 if machines else 0.4):  # two lives of five are ended from outside
        return Life(points=points, ending=chance.choice(endings), after=chance.uniform(3, 12))
    return Life(points=points)


def _point(chance: random.Random) -> Mapping[str, str | int]:
    return {
        "system": chance.choice(SYSTEMS),
        "at": int(chance.expovariate(1 / EFFECTS)),
        "when": chance.choice(("before", "after")),
        "kind": chance.choice(sorted(KINDS)),
    }
