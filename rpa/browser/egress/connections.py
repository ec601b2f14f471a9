"""Connections to the system over plain HTTP. What changes something gets one of its own, never used before."""

from collections import defaultdict

from rpa.browser.egress.address import Address
from rpa.browser.egress.allowed import Allowed
from rpa.browser.egress.wire import Wire, connect

PATIENCE = 30.0
"""Seconds in which a connection has to come about."""

MOST = 6
"""Connections kept for later requests to one address, as many as a browser opens."""


class Connections:
    """Opens connections to what is *allowed*, and keeps those that can carry another safe request."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._kept: dict[Address, list[Wire]] = defaultdict(list)

    async def open(self, address: Address) -> Wire:
        """Open a new connection; raise `Denied` or OSError."""
        return await connect(await self._allowed.numbers(address), address.port, PATIENCE)

    async def take(self, address: Address) -> Wire:
        """Return a connection that was kept and has not ended since, or a new one."""
        kept = self._kept[address]
        while kept:
            wire = kept.pop()
            if not wire.reader.at_eof() and not wire.writer.is_closing():
                return wire
            wire.drop()
        return await self.open(address)

    def keep(self, address: Address, wire: Wire) -> None:
        """Keep a connection whose last answer has come whole."""
        wire.used = True
        if len(self._kept[address]) < MOST:
            self._kept[address].append(wire)
        else:
            wire.drop()

    def drop(self) -> None:
        """Drop every connection that was kept."""
        for wire in (wire for kept in self._kept.values() for wire in kept):
            wire.drop()
