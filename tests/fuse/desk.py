"""A desk that takes forms over bare sockets, enters them, and then does what its mode says."""

import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

LATE = 0.3
"""Seconds after which a late end comes."""

STALLED = 8.0
"""Seconds for which nothing comes; longer than any press waits here."""

NOW = struct.pack("ii", 1, 0)
"""Linger for no second: a close then resets the connection."""


@dataclass(frozen=True)
class Line:
    """One connection of a browser's."""

    stream: socket.socket

    def say(self, data: bytes) -> None:
        """Send, sealed if it is TLS."""
        self.stream.sendall(data)

    def reset(self) -> None:
        """Break off, at once and without a word of TLS."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOW)
        socket.close(self.stream.detach())

    def end(self) -> None:
        """End, without a word of TLS."""
        self.stream.shutdown(socket.SHUT_RDWR)


def _reset(line: Line) -> None:
    line.reset()


def _close(line: Line) -> None:
    line.end()


def _close_late(line: Line) -> None:
    time.sleep(LATE)
    line.end()


def _reset_late(line: Line) -> None:
    time.sleep(LATE)
    line.reset()


def _stall(line: Line) -> None:
    time.sleep(STALLED)
    line.end()


HALF = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Padding: "


def _half_reset(line: Line) -> None:
    line.say(HALF)
    line.reset()


def _long_half_reset(line: Line) -> None:
    line.say(HALF + b"x" * 900)
    time.sleep(0.02)
    line.reset()


def _half_close(line: Line) -> None:
    line.say(HALF)
    line.end()


def _timeout(line: Line) -> None:
    line.say(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")


def _error(line: Line) -> None:
    line.say(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nlost")


MODES: dict[str, Callable[[Line], None]] = {
    "reset": _reset,
    "close": _close,
    "reset late": _reset_late,
    "close late": _close_late,
    "stall": _stall,
    "half a header, reset": _half_reset,
    "900 bytes of header, reset": _long_half_reset,
    "half a header, close": _half_close,
    "408": _timeout,
    "500": _error,
}
"""What the server does once it has entered the form."""


@dataclass
class Desk:
    """Enters what is posted, whole, and keeps count.

    *mode* is one of `MODES` or None for a healthy server; *keep_alive* says whether a connection serves more than
    one request; *polls* after how many milliseconds its pages ask for news again, and *ticked* that one has asked.
    """

    tls: ssl.SSLContext | None
    mode: str | None = None
    keep_alive: bool = True
    polls: int | None = None
    entered: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    ticked: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def serve(self, raw: socket.socket) -> None:
        """Serve one connection."""
        with suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with (
                self.tls.wrap_socket(raw, server_side=True) if self.tls else raw as stream,
                stream.makefile("rb") as reader,
            ):
                while self._request(Line(stream), reader):
                    pass

    def _request(self, line: Line, reader: BinaryIO) -> bool:
        first = reader.readline().decode()
        if not first:
            return False
        length = 0
        while (header := reader.readline().decode().strip()) != "":
            name, _, value = header.partition(":")
            length = int(value) if name.lower() == "content-length" else length
        method, target, _ = first.split(" ", 2)
        if method == "POST":
            return self._enter(line, reader.read(length), length)
        return self._answer(line, self._page(target))

    def _enter(self, line: Line, body: bytes, length: int) -> bool:
        number = body.partition(b"CL-")[2][:6].decode()
        if len(body) < length:
            return False  # the browser left in the middle of it: no system enters that
        self.entered[number] += 1
        if b"scan.bin" in body and SCAN not in body:
            self.broken.append(number)
        if self.mode is None:
            return self._answer(line, b"", "303 See Other", f"Location: /saved/{number}\r\n")
        MODES[self.mode](line)
        return self.mode in ("408", "500")

    def _answer(self, line: Line, body: bytes, status: str = "200 OK", more: str = "") -> bool:
        kept = "keep-alive" if self.keep_alive else "close"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nCache-Control: no-store\r\n{more}"
        line.say(f"{head}Content-Length: {len(body)}\r\nConnection: {kept}\r\n\r\n".encode() + body)
        return self.keep_alive

    def _page(self, target: str) -> bytes:
        if target.startswith("/saved"):
            return b"<!doctype html><h1>Saved</h1>"
        if target.startswith("/poll"):
            self.ticked.set()
            return b"news"
        kind = "multipart/form-data" if target == "/scan" else "application/x-www-form-urlencoded"
        upload = "<p><label>Scan <input type=file name=scan></label></p>" if target == "/scan" else ""
        return (PAGE % (kind, upload, POLLING % self.polls if self.polls else "")).encode()


SCAN = bytes(range(256)) * 800
"""200 KB of an attachment, so that it takes more than one piece on the way."""

PAGE = """<!doctype html><h1>New claim</h1><form method=post action=/enter enctype=%s>
<p><label>Claim number <input name=claim></label></p>%s<p><button>Save</button></p></form>%s"""
POLLING = "<script>setInterval(() => fetch('/poll').then(r => r.text()).catch(() => 0), %d)</script>"


@contextmanager
def serving(desk: Desk) -> Iterator[Desk]:
    """Serve *desk* on 127.0.0.1 until the block ends."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        desk.port = listening.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection = listening.accept()[0]
                    threading.Thread(target=desk.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield desk
