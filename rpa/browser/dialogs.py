"""Answers what a page asks in a box of its own: alert, confirm, prompt, "leave this page?"."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Literal

from playwright.sync_api import Dialog, Error

Answers = Mapping[str, Literal["accept", "dismiss"]]


class Dialogs:
    """Gives the declared answers. Any other dialog is dismissed and remembered.

    A dialog that nobody answers would hold the page, and with it the click that called it.
    """

    def __init__(self) -> None:
        self._answers: Answers = {}
        self._leaving = False
        self._undeclared: list[str] = []

    def expect(self, *answers: Answers) -> None:
        """Set the answers that hold from now on; the first that knows a text wins."""
        self._answers = {text: answer for some in reversed(answers) for text, answer in some.items()}

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Leave pages even if they hold what was not saved."""
        before, self._leaving = self._leaving, True
        try:
            yield
        finally:
            self._leaving = before

    def undeclared(self) -> str | None:
        """Return, once, what the dialogs said that nobody declared."""
        said, self._undeclared = self._undeclared, []
        return "; ".join(said) or None

    def answer(self, dialog: Dialog) -> None:
        """Answer *dialog* at once."""
        with suppress(Error):  # the window may be gone by now, and the dialog with it
            if self._answer(dialog) == "accept":
                dialog.accept()
            else:
                dialog.dismiss()

    def _answer(self, dialog: Dialog) -> str:
        if dialog.type == "beforeunload" and self._leaving:
            return "accept"
        text = _words(dialog.message) or "whether to leave the page"
        declared = self._declared(text)
        if declared is None:
            self._undeclared.append(f"the page asks {text!r} ({dialog.type}), which its map does not declare")
        return declared or "dismiss"

    def _declared(self, text: str) -> str | None:
        """Return the answer for the whole text, else for the longest part of it that is declared."""
        answers = {_words(declared): answer for declared, answer in self._answers.items()}
        parts = sorted((part for part in answers if part in text), key=len)
        return answers[parts[-1]] if parts else None


def _words(text: str) -> str:
    return " ".join(text.split())
