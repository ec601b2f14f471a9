"""Runs the console by itself, on this machine's own address; TLS and other machines are a proxy's job."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socket import socket

import uvicorn
from starlette.types import ASGIApp

from rpa.audit.serve import listening
from rpa.console.app import application
from rpa.console.house import ACTOR, House, opened
from rpa.console.public.app import public_page
from rpa.console.public.desk import Desk
from rpa.errors import RpaError
from rpa.project import Project
from rpa.store.keeper import LOOK, Keeper

PUBLIC_AT_ONCE = 100
"""Connections to the public page at once: slow ones must not take what the console needs."""

GRACE = 2
"""Seconds that an answer under way has when the console ends."""


def serve(folder: Path, port: int, *, ready: Callable[[int, int | None], None]) -> None:
    """Serve on *port* (0: a free one) until told to stop by SIGINT or SIGTERM.

    *ready* is told which one it is, and that of the public page, if there is one. What people do is put under
    checkpoints meanwhile. Raises `SetupError` where the port is taken or there is no project, and `LogRewritten`
    once the log doesn't go on from its last checkpoint.
    """
    with listening(port) as listener, opened(folder) as house, public(house) as page:
        project = house.project
        server = server_of(application(house), project)
        with _keeping(project, server):
            ready(listener.getsockname()[1], page)
            with suppress(
                KeyboardInterrupt
            ):  # uvicorn ends by itself, and then lets the signal be heard once more
                server.run([listener])


@contextmanager
def beside(folder: Path, port: int) -> Iterator[int]:
    """Serve on *port* (0: a free one) in a thread, within a process that signs the log; give the port.

    In the end the runs that staff have started here are told to stop, and waited for: they give back what is not
    promised. Raises `SetupError` where the port is taken.
    """
    with listening(port) as listener, opened(folder) as house, public(house):
        server = server_of(application(house), house.project)
        try:
            with _threaded(server, listener, "console"):
                yield listener.getsockname()[1]
        finally:
            house.starter.stop()


@contextmanager
def public(house: House) -> Iterator[int | None]:
    """Serve the public page on its own port in a thread; give the port, None where the settings ask for none.

    Raises `SetupError` where the port is taken, or nothing could take what people bring.
    """
    settings = house.project.settings.console.intake
    if settings is None:
        yield None
        return
    with listening(settings.port) as listener, closing(Desk()) as desk:
        server = server_of(public_page(house, settings, desk), house.project, at_once=PUBLIC_AT_ONCE)
        with _threaded(server, listener, "public page"):
            yield listener.getsockname()[1]


@contextmanager
def _threaded(server: uvicorn.Server, listener: socket, name: str) -> Iterator[None]:
    """Let a server run in a thread until the block ends."""
    thread = threading.Thread(target=server.run, args=([listener],), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def server_of(app: ASGIApp, project: Project, *, at_once: int | None = None) -> uvicorn.Server:
    """Return what serves the console; callers say from where they ask only through the proxy that is named.

    More requests than *at_once* are told to come again.
    """
    proxy = project.settings.console.proxy
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE,
        lifespan="off",
        limit_concurrency=at_once,
        server_header=False,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=str(proxy),
    )
    config.load()  # here, not in a thread: a signal in the middle of an import would leave that thread waiting
    return uvicorn.Server(config)


@contextmanager
def _keeping(project: Project, server: uvicorn.Server) -> Iterator[None]:
    """Sign and publish the log's checkpoints; what keeps it from that ends the console, and is raised then."""
    ended, failures = threading.Event(), list[RpaError]()

    def keep() -> None:
        try:
            with project.store(ACTOR) as store:
                project.tell_settings(store)
                keeper = Keeper(store, project.places)
                while not ended.wait(LOOK):
                    keeper.tend()
        except RpaError as error:
            failures.append(error)
            server.should_exit = True

    thread = threading.Thread(target=keep, name="keeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    if failures:
        raise failures[0]
