"""The console as an ASGI application, to be run by itself or mounted at the root of another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from rpa.console.door import door
from rpa.console.house import House, opened
from rpa.console.routes import PAGES
from rpa.console.shell import Shell
from rpa.console.showing import HERE
from rpa.console.speaking import refused


@contextmanager
def console(folder: Path) -> Iterator[ASGIApp]:
    """Give the console of the project in *folder*; its ledger is closed in the end. Raises `SetupError`."""
    with opened(folder) as house:
        yield application(house)


def application(house: House) -> ASGIApp:
    """Return the console of *house*, with everything around it."""
    return Shell(_application(house), house.project.settings.console.hosts)


def _application(house: House) -> Starlette:
    pages = [Route(page.path, door(house, page), methods=[page.method]) for page in PAGES]
    return Starlette(
        routes=[*pages, Mount("/static", assets())],
        exception_handlers={HTTPException: _refused, Exception: _unforeseen},
    )


def assets() -> ASGIApp:
    """Return what serves the files that come with the pages."""
    return GZipMiddleware(_Static(directory=HERE / "static"))


class _Static(StaticFiles):
    """Files that come with the package: they are the same for everybody, and change with it alone."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=3600"
        return response


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    kind = "not_found" if status == 404 else "failed"  # noqa: PLR2004  # a status of HTTP
    return refused(request, status, kind)


def _unforeseen(request: Request, _error: Exception) -> Response:
    return refused(request, 500, "failed")
