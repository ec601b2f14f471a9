"""One look at a frame, in one call: which document it holds, whether it has come whole, and what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Error, Frame

FAILED_PAGE = "chrome-error:"
"""Where the browser shows that no answer came at all."""


@dataclass(frozen=True)
class Sight:
    """What one look saw.

    *document* names the document; another document never has the same name. *ready* says that it has come whole:
    an answer that was cut off never is. *leaving* says that it is about to be replaced. *status* is that of HTTP,
    0 where there is none. *texts* are those of the texts looked for that a person can read in it, *refusal* is
    what it says in the places for a refusal, folded into one line.
    """

    document: str
    ready: bool
    leaving: bool
    status: int
    texts: frozenset[str]
    refusal: str


def look(frame: Frame, texts: Iterable[str] = (), refused: Iterable[str] = ()) -> Sight | None:
    """Look once; None while the frame is on its way to another document, or gone."""
    try:
        seen = frame.evaluate(_script(), {"texts": list(texts), "refused": list(refused)})
    except Error:
        return None
    return Sight(**{**seen, "texts": frozenset(seen["texts"])})


@cache
def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text("utf-8")
