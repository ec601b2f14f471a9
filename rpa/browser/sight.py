"""One look at a frame, in one call: which document it holds, whether it has come whole, and what it says."""

from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Frame

from rpa.browser import inpage
from rpa.browser.deadline import Deadline
from rpa.browser.inpage import PageWentAway
from rpa.browser.replies import SightReply, understood
from rpa.errors import ApplicationException

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


def look(
    frame: Frame,
    texts: Iterable[str] = (),
    refused: Iterable[str] = (),
    *,
    wait: float = 0.0,
    since: Sight | None = None,
) -> Sight | None:
    """Look once; None while the frame is on its way to another document, or gone.

    A document that has not come whole, is about to go, or still says what it said *since*, is given *wait* seconds
    in the page itself: a look costs as much as many of them there, and slows down what is waited for. The one that
    takes its place within that time is looked at instead.
    """
    asked, until = job(texts, refused, wait=wait, since=since), Deadline.after(wait)
    while True:
        try:
            return sight_of(inpage.call(frame, "sight", asked))
        except PageWentAway:
            if until.over():
                return None
        except ApplicationException:
            return None


def job(
    texts: Iterable[str] = (), refused: Iterable[str] = (), *, wait: float = 0.0, since: Sight | None = None
) -> dict[str, object]:
    """Return what the script `sight` is asked."""
    before = since and {"document": since.document, "texts": list(since.texts), "refusal": since.refusal}
    return {"texts": list(texts), "refused": list(refused), "wait": wait * 1000, "since": before}


def sight_of(answer: object) -> Sight:
    """Return what the script `sight` has told."""
    seen = understood(SightReply, answer)
    return Sight(**{**seen.model_dump(), "texts": frozenset(seen.texts)})
