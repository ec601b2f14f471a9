"""The service's log: one JSON object a line on standard output, with the ids of runs and references.

What happens in the workers is in the audit log already, and told from there: names and hashes, never values.
"""

import sys
from typing import Any

import structlog

from rpa.store.store import Store

TOLD = ("seq", "bot", "run", "reference", "transaction", "entry", "system", "from", "to", "reason", "data")
"""What is told of an audit entry."""


def logger() -> Any:
    """Return what writes the log."""
    return structlog.wrap_logger(
        structlog.WriteLogger(sys.stdout),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )


class Follower:
    """Tells each new audit entry once."""

    def __init__(self, log: Any, store: Store) -> None:
        self._log, self._store = log, store
        self._seen = store.log.size()

    def look(self) -> None:
        """Tell what was written since the last look."""
        for entry in self._store.log.read(after=self._seen):
            self._seen = entry["seq"]
            said = {key: entry[key] for key in TOLD if key in entry}
            self._log.info(entry["event"], at=entry["at"], actor=entry["actor"]["id"], **said)
