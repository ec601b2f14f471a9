"""The fuse around a submit: what was sent while it was armed, and what must not be sent any more.

Browsers send a request a second time when its connection ends before an answer, a POST as well (RFC 9110, 9.2.2
forbids that, Chromium 156 does it on every connection that it has used or opened before). While the fuse is armed
an end without an answer reaches the browser in a form that it does not take for a reason to send again.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rpa.browser.egress.address import Address

WATCHED = 2
"""Requests of a press among which the submit is; what follows may be pictures, of which many have one size."""


@dataclass(eq=False)
class Sent:
    """One request that went out while the fuse was armed. *size* counts the bytes on the way to the system."""

    address: Address
    size: int = 0
    answered: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Armed:
    """One press. *shut* are the addresses that cut a request off: they get no further one in this press.

    *renewed* says that each request goes out on a connection of its own, so that the browser has no old one.
    *doubted* are requests, by the size of their first record, on whose answer the browser may send them again,
    and *held* are the addresses for which that was held back.
    """

    renewed: bool
    open: list[Sent] = field(default_factory=list)
    cut: list[Sent] = field(default_factory=list)
    shut: set[Address] = field(default_factory=set)
    doubted: set[tuple[Address, int]] = field(default_factory=set)
    held: list[Address] = field(default_factory=list)
    _watched: int = 0
    _last: dict[Hashable, Sent] = field(default_factory=dict)

    def sent(self, address: Address, key: Hashable = None) -> Sent:
        """Note that a request begins to go out. Requests with one *key* can't be told apart."""
        one = Sent(address)
        self.open.append(one)
        if key is not None:
            self._last[key] = one
        return one

    def watches(self) -> bool:
        """Tell whether one more request is watched: the submit is among the first, unless a clock's is."""
        self._watched += 1
        return self._watched <= WATCHED

    def like(self, key: Hashable) -> Sent | None:
        """Return the request with this *key* that went out last."""
        return self._last.get(key)

    def answer(self, one: Sent) -> None:
        """Note that the system has begun to answer."""
        one.answered = True
        self.open.remove(one)
        one.ended.set()

    def told(self) -> str | None:
        """Return what a person has to know who decides whether the press landed; None if all was answered."""
        for one in self.cut:
            return f"{one.address} got {one.size} bytes and cut the connection without an answer"
        for address in self.held:
            return f"{address} gave an answer on which the browser sent it again; that was held back"
        if self.open:
            one = max(self.open, key=lambda sent: sent.size)
            return f"{one.address} got {one.size} bytes and gave no answer"
        return None


class Fuse:
    """Armed or not. *shut* is called for an address that cut a request off, before the browser hears of it.

    *usual* are the requests, by the size of their first record, that pages send while no press is made: a clock's.
    """

    def __init__(self) -> None:
        self.usual: set[tuple[Address, int]] = set()
        self.now: Armed | None = None
        self.shut: Callable[[Address], None] = lambda _: None

    @contextmanager
    def armed(self, *, renewed: bool) -> Iterator[Armed]:
        """Be armed until the block ends."""
        self.now = Armed(renewed)
        try:
            yield self.now
        finally:
            self.now = None

    def blow(self, armed: Armed, one: Sent) -> None:
        """Note that the system ended the connection without an answer; it gets nothing more in this press."""
        armed.open.remove(one)
        armed.cut.append(one)
        one.ended.set()
        if armed is self.now:
            armed.shut.add(one.address)
            self.shut(one.address)
