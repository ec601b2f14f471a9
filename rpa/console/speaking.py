"""Which language somebody is answered in: the one their account says, else their cookie, else their browser."""

from collections.abc import Iterator, Mapping

from babel import negotiate_locale
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from rpa.console.language import CODES, Language, language

COOKIE = "__Host-keyonce-language"
"""What the browser of somebody who was not signed in keeps of their choice."""

KEPT = 365 * 24 * 3600
"""Seconds for which it is kept."""


def language_of(request: Request, wish: str | None = None) -> Language:
    """Return the language for a request; *wish* is what the account of whoever is signed in says."""
    return language(chosen(request, wish) or _negotiated(request.headers.get("accept-language", "")))


def chosen(request: Request, wish: str | None) -> str | None:
    """Return the code that somebody has chosen for their account or at the sign-in; None where nobody has."""
    asked = (wish, request.cookies.get(COOKIE))
    return next((code for code in asked if code in CODES), None)


def headers_of(spoken: Language) -> Mapping[str, str]:
    """Return what an answer says of its language, and of what the language hangs on."""
    return {"content-language": spoken.code, "vary": "Accept-Language, Cookie"}


def refused(request: Request, status: int, kind: str) -> Response:
    """Return an answer in one sentence: what went wrong, by its *kind* in the texts."""
    spoken = language_of(request)
    return PlainTextResponse(spoken.words["error"][kind]["about"], status, headers_of(spoken))


def keep(response: Response, code: str) -> None:
    """Let the browser keep a choice; one that is none of the languages lets it forget the last one."""
    if code in CODES:
        response.set_cookie(COOKIE, code, max_age=KEPT, secure=True, httponly=True, samesite="lax")
    else:
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")


def _negotiated(accepted: str) -> str:
    """Return the one of our languages that a browser likes best; what it says may be anything."""
    liked = sorted(_liked(accepted), reverse=True)
    found = negotiate_locale([name for _, _, name in liked], CODES, sep="-")
    return (found or CODES[0]).lower()


def _liked(accepted: str) -> Iterator[tuple[float, int, str]]:
    """Yield how much each is liked, its place from the end, and its name (RFC 9110, 12.5.4)."""
    for place, part in enumerate(accepted.split(",")[:50]):
        name, _, weight = part.partition(";")
        try:
            liked = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if name.strip() and liked > 0:
            yield liked, -place, name.strip()
