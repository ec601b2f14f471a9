"""Another address of a server, which can be shut, or let only so many bytes through to it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.sockets import hang_up


@dataclass
class Door:
    """What listens for *server*, and every connection that was made through it.

    Each of these is closed once *most* bytes have been sent by it; without, none is.
    """

    server: str
    most: int | None = None
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    ends: list[socket.socket] = field(default_factory=list)
    is_shut: bool = False

    @property
    def endpoint(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def shut(self) -> None:
        """Close every connection, and whatever comes until it is opened."""
        self.is_shut = True
        for end in self.ends:
            hang_up(end)

    def open(self) -> None:
        """Let connections through again."""
        self.is_shut = False

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.is_shut:
                    hang_up(client)
                else:
                    self._join(client)

    def _join(self, client: socket.socket) -> None:
        parts = urlsplit(self.server)
        far = socket.create_connection((str(parts.hostname), int(parts.port or 0)))
        self.ends += [client, far]
        for pair, most in (((client, far), self.most), ((far, client), None)):
            threading.Thread(target=_carry, args=(*pair, most), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, most: int | None) -> None:
    left = most
    with suppress(OSError):
        while (left is None or left > 0) and (piece := source.recv(min(1 << 16, left or 1 << 16))):
            target.sendall(piece)
            left = None if left is None else left - len(piece)
    for end in (source, target):
        hang_up(end)


@contextmanager
def door(server: str, most: int | None = None) -> Iterator[Door]:
    """Lead to the server until the block ends."""
    made = Door(server, most)
    threading.Thread(target=made.serve, daemon=True).start()
    try:
        yield made
    finally:
        made.shut()
        hang_up(made.listener)
