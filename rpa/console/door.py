"""The door of every page: nobody comes in unless they are signed in, may have the page, and asked from our own."""

import hmac
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from rpa.console import sessions
from rpa.console.house import House
from rpa.console.origin import is_ours
from rpa.console.roles import ANYBODY
from rpa.console.routes import Page
from rpa.console.sessions import Session
from rpa.console.shell import LARGEST, LARGEST_FORM, TooLargeError
from rpa.console.speaking import refused
from rpa.console.visit import ENDED, SEE_OTHER, UNPROCESSABLE, Visit
from rpa.errors import RpaError, unforeseen
from rpa.words import whole_number

MOST_FILES, MOST_FIELDS, MANY_FIELDS = 500, 50, 500

REASONS, LONGEST_REASON = ("reason", "why"), 500
"""Fields that say why, in the letters that our pages let somebody type: every page shows them from then on."""


def door(house: House, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers requests for *page*."""

    async def answer(request: Request) -> Response:
        if page.method == "POST" and not page.program and not is_ours(request):
            return refused(request, 403, "from_elsewhere")
        session = await run_in_threadpool(sessions.current, house.store.accounts, request, quiet=page.quiet)
        if session is not None and not house.admits(session.user):
            session = None
        if page.roles is not ANYBODY and session is None:
            return _to_sign_in(request)
        try:
            form = await _form(request, page, allowed=session is None or _may(session, page))
        except TooLargeError:
            return refused(request, 413, "too_large")
        async with _closing(form):
            return await run_in_threadpool(_answered, page, Visit(house, request, form, session))

    return answer


def _may(session: Session, page: Page) -> bool:
    return page.roles is ANYBODY or bool(session.user.roles & page.roles)


def _answered(page: Page, visit: Visit) -> Response:
    """Answer, if the person may have the page and the form is one that was shown to them."""
    if (refusal := _refusal(page, visit)) is not None:
        return refusal
    try:
        return page.answer(visit)
    except RpaError as error:
        return visit.page("error.html", status=500, kind="failed", words=str(error))
    except Exception as error:  # noqa: BLE001  # the last door: nothing that holds a value may pass it
        if type(error) is LookupError:  # what was asked for is not there; its subclasses are mistakes of ours
            return _error(visit, 404, "not_found")
        words = unforeseen(error)
        sys.stderr.write(f"rpa console: {words}\n")
        return visit.page("error.html", status=500, kind="failed", words=words)


def _refusal(page: Page, visit: Visit) -> Response | None:
    """Return what somebody who is signed in is told where they may not have the page, or not in this way."""
    if visit.session is None:
        return None
    if not _may(visit.session, page):
        return _error(visit, 403, "not_allowed")
    if not page.unproven and page.roles is not ANYBODY and visit.house.lacks_factor(visit.user):
        return visit.to("/account")
    if page.method == "POST" and not _carries_token(visit):
        return _error(visit, 403, "form_expired")
    if any(len(visit.said(name)) > LONGEST_REASON for name in REASONS):
        return _error(visit, UNPROCESSABLE, "too_long")
    return None


def _error(visit: Visit, status: int, kind: str) -> Response:
    return visit.page("error.html", status=status, kind=kind, words=None)


def _to_sign_in(request: Request) -> Response:
    """Send to the sign-in, which says where something was lost; a part of a page has the whole loaded anew."""
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"hx-refresh": "true"})
    lost = request.method == "POST" and request.url.path != "/sign-out"
    return Response(status_code=SEE_OTHER, headers={"location": f"/sign-in?{ENDED}=1" if lost else "/sign-in"})


def _carries_token(visit: Visit) -> bool:
    return hmac.compare_digest(visit.said("form_token"), visit.known.form_token)


async def _form(request: Request, page: Page, *, allowed: bool) -> FormData:
    """Return what came with the request; nothing of it is taken in for somebody who may not have the page."""
    if page.method != "POST" or not allowed:
        return FormData()
    length = whole_number(request.headers.get("content-length", ""))
    if length is None or length > (LARGEST if page.files else LARGEST_FORM):
        raise TooLargeError
    most = MANY_FIELDS if page.many else MOST_FIELDS
    return await request.form(max_files=MOST_FILES if page.files else 0, max_fields=most)


@asynccontextmanager
async def _closing(form: FormData) -> AsyncIterator[None]:
    """Delete the files that came with the form in the end."""
    try:
        yield
    finally:
        await form.close()
