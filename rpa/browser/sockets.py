"""Which WebSockets the pages of a session hold open."""

from playwright.sync_api import BrowserContext, WebSocket
from playwright.sync_api import Page as Window


class Sockets:
    """Counts the WebSockets in one browser context."""

    def __init__(self, context: BrowserContext) -> None:
        self._open: set[WebSocket] = set()
        context.on("page", self._watch)

    def any(self) -> bool:
        """Tell whether one is open."""
        return bool(self._open)

    def _watch(self, window: Window) -> None:
        window.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        self._open.add(socket)
        socket.on("close", self._closed)

    def _closed(self, socket: WebSocket) -> None:
        self._open.discard(socket)
