"""Runs the console by itself, on this machine's own address; TLS and other machines are a proxy's job."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from rpa.audit.serve import listening
from rpa.console.app import application, console
from rpa.console.house import ACTOR, opened
from rpa.errors import RpaError
from rpa.project import Project
from rpa.store.keeper import LOOK, Keeper

GRACE = 2
"""Seconds that an answer under way has when the console ends."""


def serve(folder: Path, port: int, *, ready: Callable[[int], None]) -> None:
    """Serve on *port* (0: a free one) until told to stop by SIGINT or SIGTERM; tell *ready* which one it is.

    What people do is put under checkpoints meanwhile. Raises `SetupError` where the port is taken or there is no
    project, and `LogRewritten` once the log doesn't go on from its last checkpoint.
    """
    with listening(port) as listener, console(folder) as app:
        project = Project(folder)
        server = server_of(app, project)
        with _keeping(project, server):
            ready(listener.getsockname()[1])
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
    with listening(port) as listener, opened(folder) as house:
        server = server_of(application(house), house.project)
        thread = threading.Thread(target=server.run, args=([listener],), name="console", daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
            house.starter.stop()


def server_of(app: ASGIApp, project: Project) -> uvicorn.Server:
    """Return what serves the console; callers say from where they ask only through the proxy that is named."""
    proxy = project.settings.console.proxy
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE,
            lifespan="off",
            server_header=False,
            proxy_headers=proxy is not None,
            forwarded_allow_ips=str(proxy),
        )
    )


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
