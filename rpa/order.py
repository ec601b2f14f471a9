"""What a worker is told: light to load, since whoever tells it needs nothing of what a worker does."""

import signal
from dataclasses import dataclass
from pathlib import Path

STOPS = frozenset({signal.SIGTERM, signal.SIGINT})
"""Signals that tell a worker to stop. Who starts one may block them until it can hear."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a worker is told: which bot's work in which system, and *by* whom."""

    folder: Path
    bot: str
    system: str
    by: str = ""
    headed: bool = False
