"""Keeps the audit log under checkpoints that are not older than some minutes, for as long as a process runs."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from rpa.audit.places import Place
from rpa.errors import LedgerFailed
from rpa.store.store import Store

MOST = 1000
"""Entries that may stand without a checkpoint."""

OFTEN = 300.0
"""Seconds between two checkpoints, also of a log in which nothing happens."""

LOOK = 1.0
"""Seconds between two looks at how many entries there are."""


NOTICE = 10.0
"""Seconds between two looks at whether an older copy was put back, and at what other machines have signed."""


@dataclass
class Keeper:
    """Signs and publishes when it is time; `tend` is called again and again by whatever runs for long."""

    store: Store
    places: Sequence[Place]
    _signed: float = field(default_factory=time.monotonic)
    _looked: float = 0.0
    _noticed: float = field(default_factory=time.monotonic)

    def tend(self) -> None:
        """Sign and publish a checkpoint where it is time; answer at once otherwise.

        Raises `LogRewritten` where the log does not go on from its last checkpoint: nothing may be
        written any more.
        """
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._looked = now
        with suppress(LedgerFailed):  # whoever works on the ledger stops over it
            self._look(now)

    def _look(self, now: float) -> None:
        if now - self._noticed >= NOTICE:
            self._noticed = now
            self.store.notice_restored()
        unsigned, late = self.store.log.unsigned(), now - self._signed >= OFTEN
        if unsigned < MOST and not late:
            return
        self._signed = now
        if unsigned:
            self.store.log.checkpoint()
        else:
            self.store.log.idle()
        self.store.log.publish(self.places)
