"""A tunnel through which the browser speaks TLS with the system: nothing in it is read, records are counted.

The heads of TLS records (RFC 8446, 5.1) stand in clear: a kind and a length. That is enough to see a request go up
and an answer come down. Where the system ends with a request unanswered and the fuse was armed, the browser gets a
record that nobody has sealed. It takes that for an attack, fails at once, and sends nothing again, where after a
plain end it would.
"""

import asyncio
from asyncio import IncompleteReadError, StreamReader
from collections.abc import AsyncIterator
from contextlib import suppress

from rpa.browser.egress.address import Address
from rpa.browser.egress.bodies import BLOCK
from rpa.browser.egress.fuse import Armed, Fuse, Sent
from rpa.browser.egress.wire import Wire

HANDSHAKE, DATA = 22, 23
HEAD = 5
"""Bytes before each record: kind, version, length."""

LEAST = HEAD + 32
"""Bytes of the shortest record with HTTP in it. An alert or a new key in TLS 1.3 has 24 and 27."""

UNSEALED = bytes((DATA, 3, 3, 0, 64)) + bytes(64)

TICKETS = 0.02
"""Seconds, beyond two round trips, in which a system sends session tickets after a TLS 1.3 handshake. They look
like an answer, so the first request waits for them."""

BETWEEN = 0.005
"""Seconds, beyond a round trip, after a ticket in which the next one comes: most systems send two."""

SHORT = 4096
"""Bytes on the wire beyond which an answer is none of those on which a browser sends again."""


class Tunnel:
    """One tunnel to *address*."""

    def __init__(self, address: Address, browser: Wire, system: Wire, fuse: Fuse) -> None:
        self.address = address
        self._browser, self._system, self._fuse = browser, system, fuse
        self._broken = asyncio.Event()
        self._tickets = asyncio.Event()
        self._hidden = self._finished = False
        self._asked = self._answered = self._asking = False
        self._sent: tuple[Armed, Sent] | None = None
        self._first = (address, 0)
        self._length = 0
        self._watched = False

    async def run(self) -> None:
        """Carry bytes both ways until one side ends."""
        work = [asyncio.create_task(one) for one in (self._up(), self._down(), self._told())]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            left = self._browser.writer.is_closing() or (work[0].done() and not self._broken.is_set())
            await _stop(work)
            if not left:
                await self._ended()
        finally:
            await _stop(work)
            self._system.drop()

    def shut(self) -> None:
        """Break the tunnel so that the browser sends nothing of it again."""
        self._broken.set()

    async def _ended(self) -> None:
        """Tell the browser that the system has ended: never that it broke off, which asks for another try."""
        if self._sent is not None:
            self._broken.set()
            self._fuse.blow(*self._sent)
        if self._broken.is_set():
            with suppress(OSError):
                await self._browser.send(UNSEALED)
        await self._browser.end()

    async def _told(self) -> None:
        await self._broken.wait()

    async def _up(self) -> None:
        async for kind, record in _records(self._browser.reader):
            if _is_http(kind, record) and not self._was_finish() and not await self._may(record):
                return
            with suppress(OSError):  # that the system has ended is seen from its side
                await self._system.send(record)

    async def _down(self) -> None:
        async for kind, record in _records(self._system.reader):
            if _is_http(kind, record):
                self._came(len(record))
            with suppress(OSError):  # likewise for the browser
                await self._browser.send(record)

    def _was_finish(self) -> bool:
        """Tell whether this first record is the end of a TLS 1.3 handshake, which looks like data."""
        first, self._finished = self._hidden and not self._finished, True
        return first

    async def _may(self, record: bytes) -> bool:
        """Tell whether a record of a request may go out, and note it."""
        if not self._asking and not await self._may_begin(len(record)):
            return False
        self._asked = self._asking = True
        if self._sent is not None:
            self._sent[1].size += len(record)
        return True

    async def _may_begin(self, size: int) -> bool:
        """Tell whether a request may go out whose first record has this *size*."""
        armed, self._first, self._length = self._fuse.now, (self.address, size), 0
        if armed is None:
            self._fuse.usual.add(self._first)
            return True
        if self.address in armed.shut or (armed.renewed and self._answered):
            return False
        if self._first in armed.doubted:
            armed.held.append(self.address)
            self.shut()
            return False
        self._watched = self._first not in self._fuse.usual and armed.watches()
        await self._await_tickets()
        self._sent = armed, armed.sent(self.address)
        return True

    async def _await_tickets(self) -> None:
        if self._hidden and not self._asked:
            with suppress(TimeoutError):
                async with asyncio.timeout(2 * self._system.age + TICKETS):
                    await self._tickets.wait()
                    while True:
                        self._tickets.clear()
                        await asyncio.wait_for(self._tickets.wait(), self._system.age + BETWEEN)

    def _came(self, size: int) -> None:
        if not self._finished:
            self._hidden = True
        elif not self._asked:
            self._tickets.set()
        else:
            self._answered, self._asking = True, False
            self._length += size
            self._doubt()

    def _doubt(self) -> None:
        """Note the answer, and that it may be one on which the browser sends the request again (408).

        It would on a connection that it had opened before it had a use for it. What comes then has the same size,
        and is held back.
        """
        if self._sent is not None:
            armed, sent = self._sent
            armed.answer(sent)
            self._sent = None
            if self._watched:
                armed.doubted.add(self._first)
        elif self._fuse.now is not None and self._length > SHORT:
            self._fuse.now.doubted.discard(self._first)


async def _stop(work: list[asyncio.Task[None]]) -> None:
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)


def _is_http(kind: int, record: bytes) -> bool:
    return kind == DATA and len(record) >= LEAST


async def _records(reader: StreamReader) -> AsyncIterator[tuple[int, bytes]]:
    """Yield whole TLS records with their kind, up to the end; blocks of no kind where what comes is no TLS."""
    with suppress(IncompleteReadError, OSError):
        head = await reader.readexactly(HEAD)
        if head[0] != HANDSHAKE:
            yield 0, head
            while block := await reader.read(BLOCK):
                yield 0, block
            return
        while True:
            yield head[0], head + await reader.readexactly(int.from_bytes(head[3:]))
            head = await reader.readexactly(HEAD)
