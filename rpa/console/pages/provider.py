"""The way in by the organization's identity provider: there, and back."""

import hmac
import secrets
import sys

from starlette.responses import JSONResponse, Response

from rpa.console import sessions
from rpa.console.origin import origin
from rpa.console.provider import NotSignedIn, Proven, Provider, state_of
from rpa.console.visit import UNPROCESSABLE, Visit, address_of
from rpa.people import User

COOKIE = "__Host-keyonce-provider"
LASTS = 600
"""Seconds that somebody has for signing in there."""

TOO_MANY, BAD = 429, 400
OUT = "the provider's sign-out"
"""What tries are counted by that no account makes."""

NO_ROLE = "no role by the provider's groups"


def begin(visit: Visit) -> Response:
    """Send the browser to the provider."""
    provider, secret = _provider(visit), secrets.token_urlsafe(32)
    try:
        answer = visit.to(provider.address(secret, _back(visit)))
    except NotSignedIn as error:
        return _told(visit, error)
    # Lax: the way back is a link from another site, on which a strict cookie would not be sent.
    answer.set_cookie(COOKIE, secret, max_age=LASTS, secure=True, httponly=True, samesite="lax")
    return answer


def back(visit: Visit) -> Response:
    """Take the provider's answer, and sign in whom it names, in the roles that they have now."""
    answer = _taken(visit)
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return answer


def out(visit: Visit) -> Response:
    """Sign out here whom the provider tells that they have signed out there, on every device."""
    provider, address = _provider(visit), address_of(visit.request)
    if visit.house.patience.is_used_up(address, OUT):
        return JSONResponse({"error": "slow_down"}, TOO_MANY)
    try:
        with visit.house.logouts.obeyed(provider, visit.said("logout_token")) as subject:
            visit.house.store.accounts.sign_out_of(provider.settings.issuer, subject)
    except NotSignedIn as error:
        if error.word == "provider_wrong":
            visit.house.patience.failed(address, OUT)
        sys.stderr.write(f"rpa console: sign-out by the provider: {error.said}\n")
        return JSONResponse({"error": "invalid_request"}, BAD)
    return Response()


def _taken(visit: Visit) -> Response:
    provider, secret, state = _provider(visit), visit.request.cookies.get(COOKIE, ""), visit.asked("state")
    if not secret or not hmac.compare_digest(state.encode(), state_of(secret).encode()):
        return _page(visit, "provider_late")
    if visit.house.patience.wait(address_of(visit.request), state):
        return _page(visit, "wait", TOO_MANY)
    try:
        proven = _proven(visit, provider, secret)
    except NotSignedIn as error:
        visit.house.store.accounts.refuse(None, address_of(visit.request), "the provider proved nobody")
        return _told(visit, error)
    visit.house.patience.succeeded(address_of(visit.request), state)
    return _entered(visit, provider.settings.issuer, proven)


def _proven(visit: Visit, provider: Provider, secret: str) -> Proven:
    issuer = visit.asked("iss")
    if issuer and issuer != provider.settings.issuer:  # RFC 9207
        raise NotSignedIn("provider_wrong", "the answer is another issuer's")
    if visit.asked("error"):
        raise NotSignedIn("provider_refused", f"the provider refused: {visit.asked('error')[:60]!a}")
    return provider.prove(secret, visit.asked("code"), _back(visit))


def _entered(visit: Visit, issuer: str, proven: Proven) -> Response:
    accounts, address = visit.house.store.accounts, address_of(visit.request)
    user = accounts.known(issuer, proven.subject, proven.name, proven.roles)
    if user is None or user.disabled is not None or not user.roles:
        disabled = user is not None and user.disabled is not None
        accounts.refuse(user.id if user else None, address, "disabled" if disabled else NO_ROLE)
        return _page(visit, "provider_disabled" if disabled else "provider_role")
    return _begun(visit, user, address)


def _begun(visit: Visit, user: User, address: str) -> Response:
    """Begin the session. The page leads on by itself: on a redirect from there a strict cookie is not sent."""
    answer = visit.page("signed_in.html", name=user.name)
    sessions.begin(visit.house.store.accounts, user, address, answer)
    return answer


def _told(visit: Visit, error: NotSignedIn) -> Response:
    sys.stderr.write(f"rpa console: sign-in by the provider: {error.said}\n")
    return _page(visit, error.word)


def _page(visit: Visit, problem: str, status: int = UNPROCESSABLE) -> Response:
    return visit.sign_in_page(problem, status=status)


def _provider(visit: Visit) -> Provider:
    found = visit.house.provider
    if found is None:
        raise LookupError("the settings name no provider")
    return found


def _back(visit: Visit) -> str:
    """Return the address to which the provider sends the browser back."""
    return f"{origin(visit.request)}/sign-in/provider/back"
