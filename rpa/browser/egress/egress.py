"""The way out of one session: a small proxy in a thread of the worker's process. It ends with the worker."""

import asyncio
import threading
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from rpa.browser.egress.address import Address
from rpa.browser.egress.allowed import Allowed, Resolver, resolve
from rpa.browser.egress.fuse import Armed, Fuse
from rpa.browser.egress.service import Service
from rpa.browser.egress.wire import incoming
from rpa.definitions.system import System

HERE = "127.0.0.1"


class Egress:
    """Lets the pages of one session reach what *system* declares, and nothing else, while its block runs."""

    def __init__(self, system: System, resolver: Resolver = resolve) -> None:
        self._fuse = Fuse()
        self._service = Service(Allowed(system, resolver), self._fuse)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="egress", daemon=True)
        self._told: set[Address] = set()
        self.url = ""
        """Where the browser finds this way out."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.url = f"http://{HERE}:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def armed(self, *, renewed: bool) -> AbstractContextManager[Armed]:
        """Be armed until the block ends: the browser sends no request that begins in it a second time by itself.

        *renewed* has each request sent on a new connection. An open WebSocket would be cut off by that.
        """
        return self._fuse.armed(renewed=renewed)

    def denied(self) -> list[Address]:
        """Return, once, the addresses that were asked for in vain; each is told once in a session."""
        new = [address for address in self._denied() if address not in self._told]
        self._told.update(new)
        return new

    def refusals(self) -> list[str]:
        """Return, in words, what was refused in this session."""
        return [f"{one} is not among the `hosts` of the page map and was not reached" for one in self._denied()]

    def _denied(self) -> list[Address]:
        return list(self._service.denied)

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(lambda: incoming(self._service.begin), HERE, 0)

    async def _end(self) -> None:
        await self._deafen()
        await self._service.end()
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()

    async def _deafen(self) -> None:
        """Take no more connections.

        Python never closes one that it is just accepting when its server is closed (gh-109564): those come first.
        """
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())
        await asyncio.sleep(0)
        self._server.close()
