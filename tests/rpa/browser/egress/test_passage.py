"""What goes through the way out arrives as it was sent."""

import asyncio
import hashlib
import os
import queue
import signal
import socket
import struct
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Event, Thread

import pytest
from playwright.sync_api import Browser

from rpa.browser.egress.egress import Egress
from rpa.definitions.system import System
from tests.rpa.browser.small_site import Site, session, site

HOME = {"Home": {"path": "/", "see": "Home"}}


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with a page, or take up a WebSocket and answer each message with the same."""
    with suppress(asyncio.IncompleteReadError, OSError), closing(writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
        if "Sec-WebSocket-Key" not in fields:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<h1>Home</h1>")
            return
        magic = fields["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = b64encode(hashlib.sha1(magic.encode(), usedforsecurity=False).digest()).decode()
        upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        writer.write(f"{upgraded}Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
        while True:
            first = await reader.readexactly(2)
            mask = await reader.readexactly(4)
            body = await reader.readexactly(first[1] & 127)
            writer.write(bytes((129, len(body))) + bytes(b ^ mask[i % 4] for i, b in enumerate(body)))


@contextmanager
def echoing() -> Iterator[str]:
    """Serve one page and WebSockets on 127.0.0.1."""
    told: queue.Queue[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = queue.Queue()

    async def serve() -> None:
        stop = asyncio.Event()
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        told.put((url, asyncio.get_running_loop(), stop))
        await stop.wait()
        server.close()

    thread = Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    url, loop, stop = told.get(timeout=10)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def test_a_websocket_goes_through_and_lives_on_while_a_press_is_guarded(chromium: Browser) -> None:
    with echoing() as url, session(chromium, url, HOME) as one:
        window = one.open("Home").window
        window.evaluate(
            """url => new Promise(done => { window.socket = new WebSocket(url); window.socket.onopen = done; })""",
            url.replace("http", "ws"),
        )
        say = """text => new Promise((done, fail) => {
            window.socket.onmessage = event => done(event.data); window.socket.onclose = () => fail('closed');
            window.socket.send(text); })"""

        assert window.evaluate(say, "one") == "one"
        with one.armed():
            assert window.evaluate(say, "two") == "two"


@pytest.mark.parametrize("length", [0, 1, 70_000, 1_000_000])
def test_a_body_arrives_whole_in_both_directions(chromium: Browser, length: int) -> None:
    with site({"/": "<h1>Home</h1>", "/big": "x" * length}) as here, session(chromium, here.url, HOME) as one:
        window = one.open("Home").window
        window.evaluate(
            "n => fetch('/big', {method: 'POST', body: new URLSearchParams({a: 'y'.repeat(n)})})", length
        )
        came = window.evaluate("() => fetch('/big').then(answer => answer.text()).then(text => text.length)")

        assert came == length
        assert [len(values["a"]) for _, values in here.posts] == [length]


@pytest.mark.parametrize("armed", [False, True])
def test_answers_in_chunks_and_without_a_length_arrive_whole(chromium: Browser, armed: bool) -> None:  # noqa: FBT001
    chunks = b"6;x=1\r\n<h1>Ho\r\n7\r\nme</h1>\r\n0\r\nA: b\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    endless = b"HTTP/1.0 200 OK\n\n<h1>Home</h1>"
    for answer in (chunked, endless):
        with raw(answer) as url, session(chromium, url, HOME) as one:
            if armed:
                with one.armed():
                    one.open("Home")
            one.open("Home")


@contextmanager
def raw(answer: bytes) -> Iterator[str]:
    """Serve *answer* to every request, then end."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    with listening.accept()[0] as connection:
                        if connection.recv(65536):
                            connection.sendall(answer)

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_program_of_another_account_is_not_served(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/": "<h1>Home</h1>"}) as here, session(chromium, here.url, HOME) as one:
        port = int(one._egress.url.rpartition(":")[2])
        assert b"200" in asked(port, here)

        monkeypatch.setattr("os.geteuid", lambda: 4242)
        assert asked(port, here) == b""


def asked(port: int, here: Site) -> bytes:
    """Ask the way out for the site's page, as any program on this machine could."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET {here.url}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with suppress(ConnectionResetError):
            return connection.recv(100)
    return b""


CHILD = """
import sys, time
from rpa.browser.egress.egress import Egress
from rpa.definitions.system import System
system = System.model_validate({"system": "s", "url": "http://127.0.0.1:9", "pages": {"Home": {"path": "/"}}})
with Egress(system) as egress:
    print(egress.url, flush=True)
    sys.stdin.read()
"""


def test_a_worker_that_is_killed_takes_its_way_out_along() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        port = int(worker.stdout.readline().rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port)).close()
        os.kill(worker.pid, signal.SIGKILL)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_browser_that_leaves_while_its_tunnel_is_made_leaves_none_open(chromium: Browser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as system:
        system.settimeout(5)
        number = system.getsockname()[1]
        with session(chromium, f"https://127.0.0.1:{number}", HOME) as one:
            port = int(one._egress.url.rpartition(":")[2])
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", port)) as browser:
                    browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    browser.sendall(f"CONNECT 127.0.0.1:{number} HTTP/1.1\r\n\r\n".encode())
                    taken = system.accept()[0]
                with taken:
                    taken.settimeout(5)
                    with suppress(ConnectionResetError):
                        assert taken.recv(1) == b""


def test_a_connection_that_is_just_being_accepted_at_the_end_is_closed() -> None:
    busy = Event()
    system = System.model_validate({"system": "s", "url": "http://127.0.0.1:9", "pages": HOME})
    with Egress(system) as egress:
        egress._loop.call_soon_threadsafe(busy.wait)
        late = socket.create_connection(("127.0.0.1", int(egress.url.rpartition(":")[2])), timeout=5)
        ended = asyncio.run_coroutine_threadsafe(egress._end(), egress._loop)
        busy.set()
        ended.result()
    with late, suppress(ConnectionResetError):
        assert late.recv(1) == b""
