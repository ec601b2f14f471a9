"""Signing out: the steps of the map's `logout`. Some systems refuse a second sign-in until the first has ended."""

from collections.abc import Callable
from typing import Any

from rpa.browser.desk import Desk
from rpa.browser.screen import Screen
from rpa.errors import ApplicationException, DefinitionError


class SignOut:
    """One sign-out. *open_page* goes to a page of the map without signing in."""

    def __init__(self, desk: Desk, open_page: Callable[[str], Screen]) -> None:
        self._desk = desk
        self._open_page = open_page
        self._screen: Screen | None = None

    def perform(self) -> None:
        """Do the steps; raise `ApplicationException` where the system does not show what they promise."""
        acts: dict[str, Callable[[Any], None]] = {"open": self._open, "press": self._press, "see": self._see}
        with self._desk.dialogs.leaving():  # what a form holds and was not saved is left behind
            for step in self._desk.system.logout or ():
                if step.verb not in acts:
                    raise DefinitionError(f"{step.verb} is no step of a sign-out")
                acts[step.verb](step.target)

    def _open(self, name: str) -> None:
        self._screen = self._open_page(name)

    def _press(self, name: str) -> None:
        if self._screen is None:
            raise DefinitionError("a sign-out begins with `open`")
        self._screen = self._screen.press(name)

    def _see(self, text: str) -> None:
        if self._desk.until(lambda: self._desk.shows(text) or None) is None:
            raise ApplicationException(self._desk.also(f"{text!r} did not come"))
