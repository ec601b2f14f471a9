"""What the service answers, on this machine alone: how it is, its figures, and what became of a start."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rpa.audit.serve import listening
from rpa.errors import RpaError
from rpa.service.arriving import Arriving
from rpa.service.described import described
from rpa.service.known import Known
from rpa.service.metrics import Metrics
from rpa.service.starter import Starter
from rpa.service.told import told
from rpa.service.uploads import Uploads
from rpa.store.store import Store

GRACE = 2
"""Seconds that an answer under way has when the service ends."""


class Serving(Protocol):
    """What the web has to know of the service."""

    known: Known
    metrics: Metrics
    starter: Starter
    arriving: Arriving

    def alive(self) -> bool:
        """Tell whether the clock runs."""
        ...


@dataclass(frozen=True)
class Web:
    """The answers of one service."""

    service: Serving
    store: Store

    @contextmanager
    def serving(self, port: int) -> Iterator[int]:
        """Answer on *port* (0: a free one) in a thread of its own; give the port. `SetupError` if taken."""
        with listening(port) as listener:
            config = uvicorn.Config(
                self.app(), log_config=None, access_log=False, timeout_graceful_shutdown=GRACE, lifespan="off"
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listener],), name="web", daemon=True)
            thread.start()
            try:
                yield listener.getsockname()[1]
            finally:
                server.should_exit = True
                thread.join()

    def app(self) -> Starlette:
        """Return what answers, to requests for the names of the settings alone.

        A web page that has its own name lead to this machine can't read it (DNS rebinding).
        """
        hosts = self.service.known.project.settings.service.hosts
        return Starlette(
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
            routes=[
                Route("/health", self._health),
                Route("/ready", self._ready),
                Route("/metrics", self._metrics),
                Route("/runs/{name}/{nominal}", self._run),
                Route("/triggers/{name}", Uploads(self.service).take, methods=["POST"]),
                Route("/openapi.json", self._description),
            ],
        )

    def _health(self, _request: Request) -> Response:
        alive = self.service.alive()
        return JSONResponse({"alive": alive}, 200 if alive else 503)

    def _ready(self, _request: Request) -> Response:
        """Tell whether work is done: the clock runs and the ledger answers. What is broken is told with it."""
        try:
            paused = dict(self.store.occurrences.paused())
        except RpaError as error:
            return JSONResponse({"ready": False, "reason": str(error)}, 503)
        known = self.service.known
        said: dict[str, Any] = {
            "ready": self.service.alive(),
            "schedules": sorted(known.by_name()),
            "triggers": sorted(one.trigger for one in known.triggers.values()),
            "paused": paused,
            "unavailable": dict(known.unavailable),
            "failing": dict(self.service.arriving.failing),
            "runs": [" ".join(key) for key in self.service.starter.processes],
        }
        return JSONResponse(said, 200 if said["ready"] else 503)

    def _metrics(self, _request: Request) -> Response:
        return Response(self.service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    def _description(self, _request: Request) -> Response:
        return JSONResponse(described(self.service.arriving.uploads))

    def _run(self, request: Request) -> Response:
        found = self.store.occurrences.newest(request.path_params["name"], request.path_params["nominal"])
        return JSONResponse(told(found[0])) if found else JSONResponse({"reason": "there is no such run"}, 404)
