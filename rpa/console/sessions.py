"""A session: a random token in a cookie, of which the ledger holds the hash; it ends by itself."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from rpa import clock
from rpa.people import SignedIn, User
from rpa.store.accounts import Accounts
from rpa.words import whole_number

COOKIE = "__Host-keyonce"
"""The prefix has browsers refuse it for anything but this host, the whole of it, over a safe connection."""

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=10)
"""A session ends when nothing was done for so long, and in any case after a working day."""

NOTED = timedelta(minutes=1)
"""How exactly it is known when somebody last did something: to write it each time would cost a commit a page."""

SHOWN_FOR = timedelta(minutes=15)
"""How long personal values stay shown once somebody has said why they need them."""


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in, and the token that their browser holds."""

    token: str
    user: User

    @property
    def form_token(self) -> str:
        """What every form carries, and nobody else's page can know (CSRF)."""
        return _sealed(self.token, "form")

    def shows(self, what: str, now: datetime) -> str:
        """Return what lets this session see *what* until some minutes after *now*."""
        until = str(int((now + SHOWN_FOR).timestamp()))
        return f"{until}.{_sealed(self.token, f'show {what} {until}')}"

    def may_see(self, what: str, said: str, now: datetime) -> bool:
        """Tell whether *said* is what `shows` gave this session, not too long ago."""
        until, _, seal = said.partition(".")
        good = hmac.compare_digest(seal, _sealed(self.token, f"show {what} {until}"))
        return good and now.timestamp() < (whole_number(until) or 0)


def begin(accounts: Accounts, user: User, address: str, response: Response) -> None:
    """Begin a session and hand its token to the browser."""
    token = secrets.token_urlsafe(32)
    accounts.begin(user, hashed(token), address, ended_before=clock.now() - ABSOLUTE)
    response.set_cookie(
        COOKIE, token, max_age=int(ABSOLUTE.total_seconds()), secure=True, httponly=True, samesite="strict"
    )


def current(accounts: Accounts, request: Request, *, quiet: bool) -> Session | None:
    """Return the session of a request, if it has one that has not ended; a *quiet* one does not prolong it."""
    token = request.cookies.get(COOKIE, "")
    found = accounts.session(hashed(token)) if token else None
    now = clock.now()
    if found is None or _is_over(found, now):
        return None
    if not quiet and now - found.seen > NOTED:
        accounts.seen(hashed(token))
    return Session(token, found.user)


def end(accounts: Accounts, session: Session, response: Response) -> None:
    """End a session, here and in the ledger."""
    accounts.end(session.user, hashed(session.token))
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")


def _is_over(found: SignedIn, now: datetime) -> bool:
    return now - found.seen > IDLE or now - found.began > ABSOLUTE


def hashed(token: str) -> str:
    """Return what the ledger holds of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _sealed(token: str, text: str) -> str:
    return hmac.new(token.encode(), text.encode(), "sha256").hexdigest()
