"""A way to the server over TCP that can fall silent: nothing goes through any more, and nothing is closed."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.sockets import hang_up

PORT = 5432

NUMBER = re.compile(rb"K\0\0\0\x0c.{4}", re.DOTALL)
"""The server's word of which of its processes it is."""


@dataclass
class Relay:
    """What listens, and every connection that was made through it."""

    upstream: Path
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    ends: list[socket.socket] = field(default_factory=list)
    stranded: list[socket.socket] = field(default_factory=list)
    silent: bool = False
    pools: bool = False
    """It tells a number of its own in place of the server's, as poolers do."""
    pace: float = 0
    """Seconds for each 64 KiB."""

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def fall_silent(self) -> None:
        """Swallow what comes from either side; those who connect are accepted, and hear nothing."""
        self.silent = True

    def strand(self) -> None:
        """Swallow what comes over the connections that there are; let new ones through."""
        self.stranded.extend(self.ends)

    def speak_again(self) -> None:
        """Let new connections through; the earlier ones are forgotten, as both sides learn now."""
        forgotten, self.ends = self.ends, []
        self.silent = False
        for end in forgotten:
            hang_up(end)

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.ends.append(client)
                if not self.silent:
                    self._join(client)

    def _join(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self.upstream / f".s.PGSQL.{PORT}"))
        self.ends.append(server)
        for pair in ((client, server), (server, client)):
            threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self._swallows(source):
                    return
                time.sleep(self.pace)
                target.sendall(NUMBER.sub(b"K\0\0\0\x0c\0\0\0\1", data) if self.pools else data)
        if not self._swallows(source):
            hang_up(target)

    def _swallows(self, source: socket.socket) -> bool:
        return self.silent or source in self.stranded


@contextmanager
def relay(upstream: Path) -> Iterator[Relay]:
    """Relay to the server whose socket is in *upstream* until the block ends."""
    made = Relay(upstream)
    threading.Thread(target=made.serve, daemon=True).start()
    try:
        yield made
    finally:
        made.speak_again()
        hang_up(made.listener)
