"""Where a worker sits: one signed-in session with one system, in a browser of its own."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from rpa import clock
from rpa.audit.entry import Event
from rpa.browser.launch import browser
from rpa.browser.session import SIGNING_OUT, Session
from rpa.definitions.system import System
from rpa.leftovers import Recorded, recorded
from rpa.order import Order
from rpa.project import Project
from rpa.secrets.base import Credential
from rpa.staging import write_denied
from rpa.store.store import Store
from rpa.watchdog import Watchdog

CLOSING = 5.0
"""Seconds that a browser has to close, and a sign-out beyond its own time."""


@dataclass
class Seat:
    """The session of one worker, and the browser around it; *owner* is the worker's name in the ledger.

    *go_on* is asked whenever a page is waited for; what it raises ends the waiting.
    """

    order: Order
    project: Project
    owner: str
    go_on: Callable[[], None]
    watchdog: Watchdog
    _opened: Session | None = field(default=None, init=False, repr=False)
    _browser: Recorded | None = field(default=None, init=False, repr=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def session(self, store: Store) -> Session:
        """Return the session, opened when first needed and again after it was left.

        The ledger is told of the secret that it takes.
        """
        return self._opened or self.take(self._open(store))

    def take(self, session: Session) -> Session:
        """Sit down in a session that is open already; whoever opened it closes it."""
        session.wait_while(self.go_on)
        self._opened = session
        return session

    def leave(self, store: Store, *, in_trouble: bool = False) -> None:
        """Sign out and close the browser: after trouble it can't be trusted, and what comes next has its own.

        Whatever goes wrong on the way is nobody's trouble any more. The ledger is told of denied requests.
        """
        left, self._opened = self._opened, None
        if left is not None and left.system.opens(clock.now()) is None:  # nothing is pressed after hours
            with suppress(Exception):  # what keeps it from that, a rehearsal tells
                self._sign_out(left, store, afresh=in_trouble)
        with suppress(Exception), self.watchdog.transaction(CLOSING):  # what is dead already can't be closed
            self._stack.close()
        self._browser = None

    def end_browser(self) -> None:
        """Kill the browser, if there is one; whatever waits for it ends at once. For any thread."""
        if self._browser is not None:
            self._browser.end()

    def _open(self, store: Store) -> Session:
        system = self.project.system(self.order.system)
        self._browser = self._stack.enter_context(recorded(self.project.settings.state_folder, self.owner))
        chromium = self._stack.enter_context(browser(headed=self.order.headed, record=self._browser))
        return self._stack.enter_context(Session(chromium, system, self._credential(system, store)))

    def _credential(self, system: System, store: Store) -> Credential | None:
        if system.credential is not None:
            store.log.append(Event.SECRET_USED, data={"secret": system.credential, "system": system.system})
        return self.project.credential(system)

    def _sign_out(self, session: Session, store: Store, *, afresh: bool) -> None:
        try:
            with self.watchdog.transaction(SIGNING_OUT + CLOSING):
                session.sign_out(afresh=afresh)
        finally:
            write_denied(store, session)
