"""One request over plain HTTP, and its answer. What changes something is sent once, whatever becomes of it."""

from http import HTTPStatus
from urllib.parse import urlsplit

from rpa.browser.egress.address import Address
from rpa.browser.egress.bodies import pieces
from rpa.browser.egress.connections import Connections
from rpa.browser.egress.fuse import Armed, Fuse, Sent
from rpa.browser.egress.heads import SAFE, BrokenMessage, Head, read_head
from rpa.browser.egress.wire import Wire

LOST = (OSError, BrokenMessage)
"""A connection that did not come about, or ended before the answer."""


class Exchange:
    """One request of the browser's with *head*, to *address*."""

    def __init__(self, head: Head, address: Address, browser: Wire, connections: Connections, fuse: Fuse) -> None:
        self._head, self._address, self._browser = head, address, browser
        self._connections, self._fuse = connections, fuse
        self._safe = head.line[0] in SAFE
        self._body = pieces(head, browser.reader, to_the_end=False)
        self._sent: tuple[Armed, Sent] | None = None

    async def run(self) -> bool:
        """Bring the request there and the answer back; tell whether the browser may go on with its connection.

        Raises `Denied`, and `BrokenMessage` or OSError where the browser's connection has to end without (more
        of) an answer. It never does after a request that changes something: the browser would send it again.
        """
        try:
            if not await self._may():
                return await self._refuse()
            system, answer = await self._asked()
        except LOST:
            if self._safe:
                raise
            self._lost()
            return await self._refuse()
        finally:
            if self._sent is not None:
                self._sent[1].ended.set()
        return await self._bring(answer, system)

    async def _may(self) -> bool:
        """Tell whether the request may go out: not while one that is the same waits for its answer, or lost it."""
        armed = self._fuse.now
        if armed is None or self._safe:
            return True
        key = (self._address, *self._head.line, *self._head.all("content-type"), *self._head.all("content-length"))
        first = armed.like(key)
        if first is not None:
            await first.ended.wait()
        if self._address in armed.shut or (first is not None and not first.answered):
            return False
        self._sent = armed, armed.sent(self._address, key)
        return True

    async def _asked(self) -> tuple[Wire, Head]:
        """Send the request; return the connection and the head of the answer that came on it."""
        if self._safe:
            kept = await self._connections.take(self._address)
            try:
                return kept, await self._ask(kept)
            except LOST:
                if not kept.used:
                    raise
        system = await self._connections.open(self._address)
        return system, await self._ask(system)

    async def _ask(self, system: Wire) -> Head:
        try:
            await self._send(system)
            answer = await _answer(system)
        except BaseException:
            system.drop()
            raise
        if not self._safe and answer.line[1] == str(HTTPStatus.REQUEST_TIMEOUT.value):
            system.drop()
            raise BrokenMessage  # a browser sends again what was answered like this, a POST as well
        if self._sent is not None:
            self._sent[0].answer(self._sent[1])
        return answer

    async def _send(self, system: Wire) -> None:
        """Send it whole, or as much of it as the system takes: the answer may come before the end."""
        method, target, _ = self._head.line
        await self._send_piece(system, self._head.bytes(method, _path(target), "HTTP/1.1"))
        async for piece in self._body:
            await self._send_piece(system, piece)

    async def _send_piece(self, system: Wire, piece: bytes) -> None:
        if system.writer.is_closing():
            return
        if self._sent is not None:
            self._sent[1].size += len(piece)
        try:
            await system.send(piece)
        except OSError:
            system.writer.close()

    def _lost(self) -> None:
        if self._sent is not None and self._sent[1].size:
            self._fuse.blow(*self._sent)

    async def _refuse(self) -> bool:
        """Tell the browser in a whole answer, on which it sends nothing again, that none came."""
        async for _ in self._body:
            pass
        await self._browser.send(
            whole(HTTPStatus.BAD_GATEWAY, "The system ended the connection without an answer.")
        )
        return True

    async def _bring(self, answer: Head, system: Wire) -> bool:
        """Bring the answer to the browser; one whose end is that of its connection ends the browser's too."""
        _, status, reason = answer.line
        empty = self._head.line[0] == "HEAD" or status in ("204", "304")
        endless = not empty and not answer.chunked and answer.length is None
        try:
            add = (("Connection", "close"),) if endless else ()
            await self._browser.send(answer.bytes("HTTP/1.1", status, reason, add=add))
            if not empty:
                async for piece in pieces(answer, system.reader, to_the_end=True):
                    await self._browser.send(piece)
        except BaseException:
            system.drop()
            raise
        if endless or answer.line[0] != "HTTP/1.1" or answer.says("connection", "close"):
            system.drop()
        else:
            self._connections.keep(self._address, system)
        return not endless


async def _answer(system: Wire) -> Head:
    """Return the head of the answer; what a system says before it (1xx) is nothing that a browser waits for."""
    answer = await read_head(system.reader)
    if answer is None or not answer.line[0].startswith("HTTP/"):
        raise BrokenMessage
    return await _answer(system) if answer.line[1].startswith("1") else answer


def whole(status: HTTPStatus, words: str) -> bytes:
    """Return an answer of our own."""
    body = f"<!doctype html><title>{status.phrase}</title><p>{words}</p>".encode()
    head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _path(target: str) -> str:
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
