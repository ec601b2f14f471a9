"""What the browser's connections are served with: requests over plain HTTP, and tunnels."""

import asyncio
from contextlib import suppress
from http import HTTPStatus

from rpa.browser.egress.address import Address
from rpa.browser.egress.allowed import Allowed, Denied
from rpa.browser.egress.connections import Connections
from rpa.browser.egress.exchange import LOST, Exchange, whole
from rpa.browser.egress.fuse import Fuse
from rpa.browser.egress.heads import BrokenMessage, Head, read_head
from rpa.browser.egress.peer import ours
from rpa.browser.egress.tunnel import Tunnel
from rpa.browser.egress.wire import Wire

CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Service:
    """Serves the connections of one session's browser.

    *denied* are the addresses that were asked for in vain, each once.
    """

    def __init__(self, allowed: Allowed, fuse: Fuse) -> None:
        self._allowed, self._fuse = allowed, fuse
        self._connections = Connections(allowed)
        self._tunnels: set[Tunnel] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = False
        self.denied: dict[Address, None] = {}
        fuse.shut = self._shut

    def begin(self, browser: Wire) -> None:
        """Serve a connection from now on; drop one that was still being accepted at the end."""
        if self._ended:
            browser.drop()
            return
        task = asyncio.create_task(self._serve(browser))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Drop every connection."""
        self._ended = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._connections.drop()

    async def _serve(self, browser: Wire) -> None:
        """Serve one connection, request after request, for as long as the browser stays."""
        work = asyncio.create_task(self._requests(browser))
        gone = asyncio.create_task(browser.gone())
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, gone):
                task.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)
            browser.writer.close()

    async def _requests(self, browser: Wire) -> None:
        of = browser.writer.get_extra_info
        if not ours(of("sockname"), of("peername")):
            return
        with suppress(*LOST):
            going_on = True
            while going_on and (head := await read_head(browser.reader)):
                going_on = await self._answered(head, browser)

    async def _answered(self, head: Head, browser: Wire) -> bool:
        """Answer one request; tell whether another one may follow."""
        try:
            address = self._address(head)
            if head.line[0] == "CONNECT":
                return await self._tunnel(address, browser)
            return await Exchange(head, address, browser, self._connections, self._fuse).run()
        except Denied:
            self.denied[address] = None
            await browser.send(whole(HTTPStatus.FORBIDDEN, f"{address} is not among the system's hosts."))
            return False

    def _address(self, head: Head) -> Address:
        """Return where a request wants to go; raise `BrokenMessage` for one that is none of a proxy's."""
        target = head.line[1]
        try:
            if head.line[0] != "CONNECT":
                return Address.of(target)
            wanted = Address.of(f"https://{target}")
        except ValueError:
            raise BrokenMessage from None
        return self._allowed.of_tunnel(wanted.host, wanted.port)

    async def _tunnel(self, address: Address, browser: Wire) -> bool:
        armed = self._fuse.now
        if armed is not None and address in armed.shut:
            await browser.send(whole(HTTPStatus.BAD_GATEWAY, "The system ended a connection without an answer."))
            return False
        try:
            system = await self._connections.open(address)
        except OSError:
            await browser.send(whole(HTTPStatus.BAD_GATEWAY, "The system could not be reached."))
            return False
        tunnel = Tunnel(address, browser, system, self._fuse)
        self._tunnels.add(tunnel)
        try:
            await browser.send(CONNECTED)
            await tunnel.run()
        finally:
            self._tunnels.discard(tunnel)
            system.drop()
        return False

    def _shut(self, address: Address) -> None:
        for tunnel in self._tunnels:
            if tunnel.address == address:
                tunnel.shut()
