"""One connection: to the browser, or to the system."""

import asyncio
from asyncio import StreamReader, StreamReaderProtocol, StreamWriter
from collections.abc import Callable
from contextlib import suppress

from rpa.browser.egress.bodies import BLOCK
from rpa.browser.egress.heads import MOST

LINGER = 5.0
"""Seconds in which the other side may take note of our end before its connection is dropped."""


class Wire:
    """A stream of bytes in both directions. *age* is how long it took to connect, in seconds."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, age: float = 0.0) -> None:
        self.reader = reader
        self.writer = writer
        self.age = age
        self.used = False

    async def send(self, data: bytes) -> None:
        """Send, no faster than the other side takes it."""
        self.writer.write(data)
        await self.writer.drain()

    async def gone(self) -> None:
        """Wait until the other side has left, or we have."""
        with suppress(OSError):
            await self.writer.wait_closed()

    def drop(self) -> None:
        """Break the connection off at once."""
        self.writer.transport.abort()

    async def end(self) -> None:
        """End our side and listen until the other has ended too, so that it gets everything that was sent."""
        with suppress(OSError, TimeoutError):
            if self.writer.can_write_eof():
                self.writer.write_eof()
            async with asyncio.timeout(LINGER):
                while await self.reader.read(BLOCK):
                    pass
        self.writer.close()


class _FromBrowser(StreamReaderProtocol):
    """A browser that ends its side has left: it never waits for an answer with its own side closed."""

    def eof_received(self) -> bool:
        super().eof_received()
        return False


def incoming(begin: Callable[[Wire], None]) -> StreamReaderProtocol:
    """Return what takes a browser's new connection and hands it to *begin*."""
    return _FromBrowser(StreamReader(limit=MOST), lambda reader, writer: begin(Wire(reader, writer)))


async def connect(numbers: list[str], port: int, patience: float) -> Wire:
    """Connect to the first IP address that answers; raise OSError where none does in *patience* seconds."""
    loop, problem = asyncio.get_running_loop(), OSError("no address")
    for number in numbers:
        begun = loop.time()
        try:
            async with asyncio.timeout(patience):
                reader, writer = await asyncio.open_connection(number, port, limit=MOST)
        except OSError as error:
            problem = error
        else:
            return Wire(reader, writer, loop.time() - begun)
    raise problem
