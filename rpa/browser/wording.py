"""What went wrong in the browser, in words of our own: the browser's may hold what was typed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as TooLate

from rpa.errors import ApplicationException, RpaError, SignInRefused

NOT_LET_IN = "the system refused the credential (HTTP 401)"
_ASKS_FOR_CREDENTIALS = "ERR_INVALID_AUTH_CREDENTIALS"
"""What a full browser says of an answer 401 where it has no credential; a headless shell shows the page."""

_NET = re.compile(r"net::(ERR_[A-Z_]+)")
_REASONS = {
    "crashed": "the page crashed",
    "closed": "the window or the browser was closed",
    "detached": "the frame went away",
    "navigat": "the page went away",
}


@contextmanager
def on_page(name: str) -> Iterator[None]:
    """Begin the message of every error of ours with the page on which it was met."""
    try:
        yield
    except RpaError as error:
        error.args = (f"{name}: {error}",)
        raise


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn the browser's errors into an `ApplicationException` that says what was being done, and no value."""
    try:
        yield
    except Error as error:
        # No cause either: a traceback would print the browser's words.
        if _ASKS_FOR_CREDENTIALS in error.message:
            raise SignInRefused(f"{doing}: {NOT_LET_IN}") from None
        raise ApplicationException(f"{doing}: {reason(error)}") from None


def reason(error: Error) -> str:
    """Return why, without a word of the page or of what was typed."""
    network = _NET.search(error.message)
    if network:
        return f"the connection failed ({network[1]})"
    if isinstance(error, TooLate):
        return "no answer in time"
    for sign, words in _REASONS.items():
        if sign in error.message:
            return words
    return "the browser could not do it"
