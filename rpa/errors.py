"""Every error of Keyonce, and the exit code that each kind ends with.

    RpaError
    ├── DefinitionError          the author's: a bot or a page map says something that cannot be
    ├── SetupError               the machine's: no browser, no project, no place to write
    │   └── LogRewritten         the audit log was changed behind our back: nothing may be written any more
    ├── Stopped                  nobody's: the worker was told to stop before anything was promised
    ├── BusinessException        the data's: never retried, goes to a person
    │   └── DocumentProblem      a document that cannot be read as what it claims to be
    └── ApplicationException     the system's, the browser's or the network's: retried
        ├── NotOnScreen          what the page map promises is not on the screen
        ├── ScreenDiffers        the screen does not show what was meant
        ├── PressUnanswered      a button was pressed and the declared answer did not come
        ├── SignedOut            the system asks to sign in
        ├── SignInRefused        the system does not take the credential: never tried again by itself
        ├── OwnershipLost        another worker owns the transaction: stop, touch nothing
        └── LedgerFailed         the ledger could not be written: nothing that it did not take was done
            └── DiskFull         there is no room for it

A class's docstring is its default message. Messages name the field and the next step, never the value of
a personal field.
"""

import sys
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """What the command line returns to the shell."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NEEDS_PERSON = 3
    NOT_COVERED = 4
    INTERRUPTED = 130


class RpaError(Exception):
    """Something went wrong."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class SetupError(RpaError):
    """This machine lacks something that Keyonce needs; `rpa doctor` tells what."""


class LogRewritten(SetupError):
    """The audit log does not continue its last checkpoint: stop, keep a copy, and run `rpa audit verify`."""


@dataclass(frozen=True)
class Problem:
    """One mistake in a definition: where it stands (line and column count from 1) and what to do."""

    path: Path
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class DefinitionError(RpaError):
    """A definition says something that cannot be; `rpa check` lists every mistake."""

    exit_code = ExitCode.USAGE

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems = () if isinstance(problems, str) else tuple(problems)
        super().__init__(problems if isinstance(problems, str) else "\n".join(map(str, problems)))


class Stopped(RpaError):
    """The worker was told to stop; nothing was promised, and the transaction is given back."""


class BusinessException(RpaError):
    """The data is wrong; a person has to look."""

    exit_code = ExitCode.NEEDS_PERSON

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class DocumentProblem(BusinessException):
    """The document cannot be read.

    *kind* is one word of the vocabulary for people: empty, not-a-pdf, not-a-workbook, not-a-list, not-a-mail,
    needs-password, wrong-password, damaged, too-big, takes-too-long, no-text-needs-ocr, xfa-only, active-content,
    signed, unknown-form, does-not-add-up, missing, unexpected.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class ApplicationException(RpaError):
    """The system, the browser or the network failed; it is tried again later."""


class NotOnScreen(ApplicationException):
    """What the page map promises is not on the screen; compare the map with the system."""


class ScreenDiffers(ApplicationException):
    """The screen does not show what was meant; nothing was submitted."""


class PressUnanswered(ApplicationException):
    """The button was pressed and the declared answer did not come: the press may have landed.

    *reason* is what happened instead.
    """

    def __init__(self, reason: ApplicationException) -> None:
        super().__init__(str(reason))
        self.reason = reason


class SignedOut(ApplicationException):
    """The system asks to sign in again."""


class SignInRefused(ApplicationException):
    """The system refused the credential; correct it before the next run."""


class OwnershipLost(ApplicationException):
    """Another worker owns this transaction; nothing more is done here."""


class LedgerFailed(ApplicationException):
    """The ledger could not be read or written; nothing was changed in it."""


class DiskFull(LedgerFailed):
    """The disk is full; free some space."""


def mask_threads() -> None:
    """Let a thread that ends by an error that nobody foresaw tell what and where, and never the error's words."""
    threading.excepthook = lambda told: print(  # noqa: T201  # Python's own way to tell of it
        f"rpa: {unforeseen(told.exc_value or RuntimeError())}", file=sys.stderr
    )


def unforeseen(error: BaseException) -> str:
    """Return what an error that nobody foresaw is and where it arose: never its words, which may hold values."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/rpa/" in frame.filename.replace("\\", "/")] or frames
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"something unforeseen happened ({type(error).__name__}{place}); please report it"
