"""Signing in: the steps of the map's `login`, and telling a refused credential from a slow system."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rpa.browser.desk import Desk
from rpa.browser.origin import refuse_credential
from rpa.browser.screen import Screen
from rpa.browser.sight import look
from rpa.definitions.step import REFERENCE
from rpa.definitions.system import Page
from rpa.errors import ApplicationException, DefinitionError, PressUnanswered, SetupError, SignInRefused
from rpa.fields.base import ScreenValue
from rpa.secrets.base import Credential

ASKED_AGAIN = 2.0
"""Seconds after which a sign-in page that has come anew is the system's answer, not a stop on the way."""


class SignIn:
    """One sign-in. *open_page* goes to a page of the map without signing in."""

    def __init__(self, desk: Desk, credential: Credential | None, open_page: Callable[[str], Screen]) -> None:
        self._desk = desk
        self._credential = credential
        self._open_page = open_page
        self._screen: Screen | None = None
        self._before: Mapping[str, str] = {}
        self._asked_since: float | None = None

    def perform(self) -> None:
        """Do the steps; raise `SignInRefused` where the system does not take the credential.

        Raises `SetupError` where the secret store lacks a part of it: typing a blank would count as a wrong try.
        """
        acts: dict[str, Callable[[Any], None]] = {
            "open": self._open,
            "fill": self._fill,
            "press": self._press,
            "see": self._see,
        }
        for step in self._desk.system.login or ():
            if step.verb not in acts:
                raise DefinitionError(f"{self._desk.system.system}: {step.verb} is no step of a sign-in")
            acts[step.verb](step.target)

    def _open(self, name: str) -> None:
        self._screen = self._open_page(name)

    def _fill(self, values: Mapping[str, str]) -> None:
        self._page().fill({field: self._value(text) for field, text in values.items()})

    def _press(self, name: str) -> None:
        page = self._page()
        self._before = self._refusals()
        self._desk.patience.stopped = False
        with self._refusal_watched(page.page):
            try:
                self._screen = page.press(name)
            except PressUnanswered as problem:
                raise self._failure(page.page, problem.reason) from None

    def _see(self, text: str) -> None:
        page = self._page().page
        with self._refusal_watched(page):
            if self._desk.until(lambda: self._desk.shows(text) or None):
                return
        lacking = ApplicationException(f"sign in to {self._desk.system.system}: {text!r} did not come")
        raise self._failure(page, lacking)

    def _failure(self, page: Page, problem: ApplicationException) -> ApplicationException:
        """Return *problem*, or that the credential was refused: the system answered and still asks for it.

        In case of doubt it was: the same credential tried again and again locks an account.
        """
        answered = not self._desk.patience.stopped and self._desk.there(page) is not None
        return SignInRefused(self._refused(*filter(None, self._refusals().values()))) if answered else problem

    @contextmanager
    def _refusal_watched(self, page: Page) -> Iterator[None]:
        before, self._desk.watch = self._desk.watch, lambda: self._watch(page)
        try:
            yield
        finally:
            self._desk.watch = before

    def _watch(self, page: Page) -> None:
        for document, said in self._refusals().items():
            if said and said != self._before.get(document):
                raise SignInRefused(self._refused(said))
        there = self._desk.there(page)
        if there is None or there.document in self._before:
            self._asked_since = None
        elif self._asked_since is None:
            self._asked_since = time.monotonic()
        elif time.monotonic() - self._asked_since > ASKED_AGAIN:
            raise SignInRefused(self._refused())

    def _refusals(self) -> dict[str, str]:
        """Return the documents that are there, each with what it says about a refused sign-in."""
        places = self._desk.system.sign_in_refused
        seen = (look(frame, (), places) for frame in self._desk.windows.frames())
        return {sight.document: sight.refusal for sight in seen if sight is not None}

    def _refused(self, *said: str) -> str:
        """Say which credential was refused, and what the system *said*, without the credential's own words."""
        name = self._credential.name if self._credential else "none"
        words = f"{self._desk.system.system} refused the credential {name}: correct it before the next run"
        return f"{words}; it says: {self._redacted(said[0])}" if said else words

    def _redacted(self, said: str) -> str:
        for part in ("password", "username"):
            secret = getattr(self._credential, part, None)
            said = said.replace(secret, f"({part})") if secret else said
        return said

    def _value(self, text: str) -> ScreenValue:
        match = REFERENCE.fullmatch(text)
        if match is None:
            return ScreenValue((text,), lambda shown: shown.strip() == text)
        if self._credential is None or match.groups() not in _PARTS:
            raise DefinitionError(
                f"{self._desk.system.system}: {text} means nothing in a sign-in without a credential"
            )
        # What is typed goes to `home` alone, whatever the page says (`refuse_elsewhere`).
        refuse_credential(self._credential, self._desk.home)
        typed = getattr(self._credential, match[2])
        if not typed:
            raise SetupError(f"credential {self._credential.name} has no {match[2]}, and the sign-in types one")
        return ScreenValue((typed,), lambda shown: shown == typed, secret=True)

    def _page(self) -> Screen:
        if self._screen is None:
            raise DefinitionError(f"{self._desk.system.system}: a sign-in begins with `open`")
        return self._screen


_PARTS = {("credential", "username"), ("credential", "password")}
