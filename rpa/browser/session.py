"""A session: one signed-in clerk in one system, kept from record to record."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, HttpCredentials, ProxySettings

from rpa.browser.deadline import Deadline
from rpa.browser.desk import Desk
from rpa.browser.egress.address import Address
from rpa.browser.egress.egress import Egress
from rpa.browser.egress.fuse import Armed
from rpa.browser.origin import origin, refuse_credential
from rpa.browser.screen import Screen
from rpa.browser.sight import look
from rpa.browser.sign_in import SignIn
from rpa.browser.sign_out import SignOut
from rpa.browser.sockets import Sockets
from rpa.browser.ways import Ways
from rpa.browser.wording import told
from rpa.definitions.system import Page, System
from rpa.errors import ApplicationException, NotOnScreen, PressUnanswered, SignedOut, SignInRefused
from rpa.secrets.base import Credential

SIGNING_OUT = 15.0
"""Seconds that signing out may take: a system that hangs ends the session by itself, sooner or later."""


class Session:
    """One browser context of *system*.

    A system without `login` but with a credential is signed in to by HTTP authentication. Not for two threads.
    """

    def __init__(self, browser: Browser, system: System, credential: Credential | None) -> None:
        self.system = system
        self._url = system.url.rstrip("/")
        self._credential = credential
        self._signed_in = system.login is None
        self._may_be_in = False
        with ExitStack() as stack, told(f"open {system.system}"):
            self._egress = stack.enter_context(Egress(system))
            self._context = browser.new_context(
                accept_downloads=False, http_credentials=self._http_credentials(), proxy=self._way_out()
            )
            self._context.set_default_timeout(system.timeout.total_seconds() * 1000)
            self._sockets = Sockets(self._context)
            self._desk = Desk(self._context, system)
            self._stack = stack.pop_all()
        self._desk.refused = self._egress.refusals
        self._desk.watch = self._watch
        self._ways = Ways(self._desk, self._url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def screen(self) -> Screen:
        """The page in front."""
        return Screen(self._desk, self._desk.front())

    def wait_while(self, go_on: Callable[[], None]) -> None:
        """Ask *go_on* from now on whenever something is waited for; what it raises ends the waiting."""
        self._desk.go_on = go_on

    def sign_in(self) -> None:
        """Sign in anew; raise `SignInRefused` where the system does not take the credential."""
        if self.system.login is None:
            return
        self._signed_in = False
        self._desk.dialogs.undeclared()
        self._desk.windows.tidy(set())
        self._may_be_in = True
        try:
            SignIn(self._desk, self._credential, self._ways.go).perform()
        except SignInRefused:
            self._may_be_in = False
            raise
        self._ways.home = self._desk.windows.main.url
        self._signed_in = True

    def sign_out(self, *, afresh: bool = False) -> None:
        """Sign out as the map says, if it does and somebody may be signed in; the session is then to be closed.

        What the pages held and had not saved is left behind. With *afresh* it is done in a new window: a page that
        hangs can't be left by its own one. Raises `ApplicationException` where the system does not show in
        `SIGNING_OUT` seconds that nobody is signed in any more.
        """
        if self.system.logout is None or not self._may_be_in:
            return
        self._may_be_in = self._signed_in = False
        try:
            self._leave(Deadline.after(SIGNING_OUT), afresh=afresh)
        except ApplicationException as problem:
            if not isinstance(getattr(problem, "reason", problem), SignedOut):
                raise ApplicationException(f"sign out of {self.system.system}: {problem}") from None

    def _leave(self, until: Deadline, *, afresh: bool) -> None:
        """Do the steps until the system asks to sign in, which it may do at any of them."""

        def in_time() -> None:
            if until.over():
                raise ApplicationException(f"it took more than {SIGNING_OUT:g} s")

        self.wait_while(in_time)  # and whoever is told to stop signs out all the same
        self._desk.watch = self._refuse_signed_out
        self._desk.dialogs.undeclared()
        with told("clear the desk"):
            if afresh:
                self._desk.windows.replace()
            self._desk.windows.tidy(set())
        SignOut(self._desk, self._ways.go).perform()

    def open(self, name: str) -> Screen:
        """Go to the page *name* by a fresh navigation, signing in where need be, and wait until it is there.

        What the page before it held and had not saved is left behind. Nothing that was posted is posted again.
        """
        self._desk.page(name)
        self._clear()
        if not self._signed_in:
            self.sign_in()
        try:
            return self._ways.go(name)
        except (SignedOut, PressUnanswered):
            if self._signed_in:
                raise
        self.sign_in()
        return self._ways.go(name)

    def arrive(self, name: str) -> Screen:
        """Wait until the page *name* is there, and not only left from before the last press."""
        page = self._desk.page(name)
        self._desk.dialogs.expect(page.dialogs)
        if self._desk.until(lambda: self._fresh(page)) is None:
            raise NotOnScreen(self._desk.also(f"{name} did not come within {self._desk.seconds:g} s"))
        return Screen(self._desk, self._desk.put_in_front(name))

    def refusal(self) -> str | None:
        """Return what the page in front says since the last press where it says no; None if it can't be asked."""
        try:
            return self.screen.refusal_anew()
        except ApplicationException:
            return None

    def armed(self) -> AbstractContextManager[Armed]:
        """Keep the browser from sending anything a second time by itself, until the block ends.

        What is yielded tells what became of what was sent.
        """
        return self._egress.armed(renewed=not self._sockets.any())

    def denied(self) -> list[Address]:
        """Return, once, the addresses that the pages asked for and that are not the system's."""
        return self._egress.denied()

    def close(self) -> None:
        """Close the windows and the way out, and forget the sign-in."""
        with self._stack, told(f"close {self.system.system}"):
            self._context.close()

    def _fresh(self, page: Page) -> bool | None:
        seen = self._desk.there(page)
        left = seen is not None and page.see in self._desk.pressed.get(seen.document, ())
        return True if seen is not None and (not left or page is self._desk.front().page) else None

    def _clear(self) -> None:
        """Forget what came unasked after the last step; it has been told, or came too late to be."""
        self._desk.dialogs.undeclared()
        self._desk.windows.events()
        known = {page.window for page in self.system.pages.values() if page.window}
        with told("clear the desk"):
            self._desk.windows.tidy(known)

    def _watch(self) -> None:
        """Raise `SignedOut` where any frame says that the session is over."""
        if self._signed_in:
            self._refuse_signed_out()

    def _refuse_signed_out(self) -> None:
        over = self.system.signed_out
        if over is None:
            return
        seen = (look(frame, [over.see]) for frame in self._desk.windows.frames())
        if any(sight is not None and over.see in sight.texts for sight in seen):
            self._may_be_in = self._signed_in = False
            raise SignedOut(f"{self.system.system} asks to sign in again")

    def _way_out(self) -> ProxySettings:
        """Return the proxy that everything goes through, loopback too, which browsers else leave out."""
        return {"server": self._egress.url, "bypass": "<-loopback>"}

    def _http_credentials(self) -> HttpCredentials | None:
        if self._credential is None or self.system.login is not None:
            return None
        refuse_credential(self._credential, origin(self._url))
        parts = urlsplit(self._url)
        return {
            "username": self._credential.username,
            "password": self._credential.password,
            "origin": f"{parts.scheme}://{parts.netloc}",
        }
