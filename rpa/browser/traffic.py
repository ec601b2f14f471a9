"""What the scripts of a session's pages ask the system for: until it has answered, a list may be unfinished."""

import re
import time
from collections import Counter
from contextlib import suppress
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Error, Frame, Request, Response

KINDS = ("xhr", "fetch")
QUIET = 0.3
"""Seconds after the last answer in which a script has drawn what it brought."""

UNREAD = 10.0
"""Seconds after which an answer that has begun is one whose end no script waits for: measured, the browser never
tells the end of a `fetch` whose text is not read. Rows may come long after the head of their answer."""

KNOWN_UNREAD = 2.0
"""The same, for an address whose answer went unread before: what tells others how a page is used does so often."""

MOST = 0.8
"""The share of the time for a page in which an answer is awaited that nobody may read."""

ROUNDS = 3
"""A request that a document makes more often than this, word for word, is a clock's and brings no rows."""

_STAMP = re.compile(r"\b[12]\d{12}\b")
"""The time in milliseconds, which scripts add to an address so that no old answer serves."""


class Traffic:
    """Counts the requests of scripts in one browser context. A page without any is always quiet.

    *patience* is for how many seconds a page is waited for: an answer that no script reads ends no search.
    """

    def __init__(self, patience: float) -> None:
        self._unread = min(UNREAD, patience * MOST)
        self._open: dict[Request, float] = {}
        self._never_read: set[str] = set()
        self._ended = float("-inf")
        self._asked: WeakKeyDictionary[Frame, Counter[str]] = WeakKeyDictionary()

    def listen(self, context: BrowserContext) -> None:
        """Count from now on.

        Only where it is asked for: measured, being told of every request takes a tenth of a record's time.
        """
        context.on("request", self._begin)
        context.on("response", self._begun)
        context.on("requestfinished", self._end)
        context.on("requestfailed", self._end)

    def quiet(self) -> bool:
        """Tell whether no answer is awaited, and none came just now."""
        now = time.monotonic()
        awaited = [request for request, begun in self._open.items() if self._is_awaited(request, now - begun)]
        return not awaited and now - self._ended >= QUIET

    def _is_awaited(self, request: Request, waited: float) -> bool:
        if waited >= self._unread:
            self._never_read.add(_place(request))
        return waited < (KNOWN_UNREAD if _place(request) in self._never_read else self._unread)

    def _begin(self, request: Request) -> None:
        with suppress(Error):  # a worker's request is no frame's
            if request.resource_type in KINDS:
                self._count(request)
            elif request.resource_type == "document":
                self._asked.pop(request.frame, None)

    def _count(self, request: Request) -> None:
        asked = self._asked.setdefault(request.frame, Counter())
        words = _STAMP.sub("", f"{request.method} {request.url} {request.post_data_buffer!r}")
        asked[words] += 1
        if asked[words] <= ROUNDS:
            self._note_unread(request)
            self._open[request] = float("inf")

    def _note_unread(self, request: Request) -> None:
        """Keep in mind what is asked again while its last answer is unread: the page tells something there."""
        now, place = time.monotonic(), _place(request)
        if any(_place(one) == place and now - begun >= KNOWN_UNREAD for one, begun in self._open.items()):
            self._never_read.add(place)

    def _begun(self, response: Response) -> None:
        if response.request in self._open:
            self._open[response.request] = time.monotonic()

    def _end(self, request: Request) -> None:
        if self._open.pop(request, None) is not None:
            self._ended = time.monotonic()
            self._never_read.discard(_place(request))


def _place(request: Request) -> str:
    """Return what is asked for, without what is asked."""
    return f"{request.method} {request.url.partition('?')[0]}"
