"""The public page as an ASGI application of its own, on a port of its own: the console is not behind it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from rpa.console.app import assets
from rpa.console.house import House
from rpa.console.origin import is_ours
from rpa.console.patience import Patience
from rpa.console.public import pages
from rpa.console.public.desk import LARGEST, Desk, clear, place_of
from rpa.console.public.pages import Call, Public
from rpa.console.shell import LARGEST as LARGEST_REQUEST
from rpa.console.shell import LARGEST_FORM, Shell, TooLargeError
from rpa.console.speaking import refused
from rpa.console.visit import NOT_FOUND
from rpa.errors import RpaError, unforeseen
from rpa.settings.public import IntakeSettings

PATIENCE = 180.0
"""Seconds in which a form has to be here; a slow telephone sends 10 MB in two minutes."""

Answer = Callable[[Call], Response]


def public_page(house: House, settings: IntakeSettings, desk: Desk) -> ASGIApp:
    """Return the public page; raise `SetupError` or `DefinitionError` where nothing could take a form."""
    place_of(house.project, settings)
    clear(house.project)
    shared = Public(house, desk, Patience())

    def route(method: str, path: str, answer: Answer, largest: int = LARGEST_FORM) -> Route:
        return Route(path, _door(shared, settings, answer, largest), methods=[method])

    routes = [
        route("GET", "/", pages.show),
        route("POST", "/", pages.take, LARGEST + LARGEST_FORM),
        route("GET", "/state", pages.ask),
        route("POST", "/state", pages.answer),
        route("POST", "/language", pages.speak),
        Mount("/static", assets()),
    ]

    def no_page(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == NOT_FOUND:
            return pages.lost(Call(shared, settings, request, FormData()))
        return refused(request, error.status_code if isinstance(error, HTTPException) else 500, "failed")

    return Shell(Starlette(routes=routes, exception_handlers={HTTPException: no_page}), settings.hosts)


def _door(
    shared: Public, settings: IntakeSettings, answer: Answer, largest: int
) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        if request.method == "POST" and not is_ours(request):
            return refused(request, 403, "from_elsewhere")
        try:
            async with asyncio.timeout(PATIENCE):
                form = await _form(request, largest)
        except TooLargeError:
            return await run_in_threadpool(pages.refused, Call(shared, settings, request, FormData()), "large")
        except (TimeoutError, ClientDisconnect):
            return refused(request, 408, "failed")
        try:
            return await run_in_threadpool(_told, answer, Call(shared, settings, request, form))
        finally:
            await form.close()

    return answered


async def _form(request: Request, largest: int) -> FormData:
    """Return what was sent. What is too much is read and thrown away, so that the browser hears the answer."""
    if request.method != "POST":
        return FormData()
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_REQUEST:
        raise TooLargeError
    if int(length) > largest:
        async for _ in request.stream():
            pass
        raise TooLargeError
    return await request.form(max_files=1, max_fields=10)


def _told(answer: Answer, call: Call) -> Response:
    """Answer; what goes wrong is told to whoever looks after the console, and to nobody else."""
    try:
        return answer(call)
    except Exception as error:  # noqa: BLE001  # the last door: nothing that holds a value may pass it
        words = str(error) if isinstance(error, RpaError) else unforeseen(error)
        sys.stderr.write(f"rpa console: public page: {words}\n")
        return refused(call.request, 500, "failed")
