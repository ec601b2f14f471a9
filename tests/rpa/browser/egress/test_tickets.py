"""What a system sends after its handshake, before it answers anything, is not taken for an answer."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rpa.browser.egress import tunnel
from rpa.browser.egress.egress import Egress
from rpa.definitions.system import System

LONG = 0.5
"""Seconds that are waited for tickets here, so that no busy machine is late."""


def record(kind: int, size: int) -> bytes:
    """Return a record of TLS as it looks from outside."""
    return bytes((kind, 3, 3)) + (size - tunnel.HEAD).to_bytes(2) + bytes(size - tunnel.HEAD)


HELLO, HIDDEN, FINISHED = record(tunnel.HANDSHAKE, 120), record(tunnel.DATA, 74), record(tunnel.DATA, 74)
TICKET, HEAD, BODY = record(tunnel.DATA, 255), record(tunnel.DATA, 884), record(tunnel.DATA, 16_406)


@contextmanager
def tunnelled() -> Iterator[tuple[Egress, socket.socket, socket.socket]]:
    """Yield a way out and both ends of one tunnel through it: the browser's, and the system's."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = f"127.0.0.1:{listening.getsockname()[1]}"
        system = System.model_validate({"system": "s", "url": f"https://{here}", "pages": {"Home": {"path": "/"}}})
        with Egress(system) as egress:
            out = ("127.0.0.1", int(egress.url.rpartition(":")[2]))
            with socket.create_connection(out, timeout=10) as browser:
                browser.sendall(f"CONNECT {here} HTTP/1.1\r\nHost: {here}\r\n\r\n".encode())
                assert b" 200 " in browser.recv(1000)
                with listening.accept()[0] as accepted:
                    accepted.settimeout(10)
                    yield egress, browser, accepted


def whole(end: socket.socket, expected: bytes) -> None:
    """Take what comes, and expect just this."""
    came = b""
    while len(came) < len(expected) and (block := end.recv(len(expected) - len(came))):
        came += block
    assert came == expected


def test_a_second_ticket_does_not_cut_an_upload_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TICKETS", "BETWEEN"):
        monkeypatch.setattr(tunnel, name, LONG)
    with tunnelled() as (egress, browser, system), egress.armed(renewed=True):
        browser.sendall(HELLO)
        whole(system, HELLO)
        system.sendall(HELLO + HIDDEN)
        whole(browser, HELLO + HIDDEN)
        browser.sendall(FINISHED + HEAD)
        whole(system, FINISHED)
        for _ in range(2):
            system.sendall(TICKET)
            whole(browser, TICKET)
        whole(system, HEAD)

        browser.sendall(BODY)

        whole(system, BODY)
