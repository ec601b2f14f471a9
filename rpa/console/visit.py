"""One request of somebody: who they are, what they sent, and how they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rpa.console.house import House
from rpa.console.language import Language, languages
from rpa.console.references import naming
from rpa.console.sessions import Session
from rpa.console.showing import rendered
from rpa.console.speaking import headers_of, language_of
from rpa.people import Role, User
from rpa.store.accounts import actor_of
from rpa.store.store import Store
from rpa.words import whole_number

SEE_OTHER, UNPROCESSABLE, CONFLICT, NOT_FOUND = 303, 422, 409, 404

ENDED = "ended"
"""Behind the address of the sign-in: what was sent came after the session had ended."""


@dataclass(frozen=True)
class Visit:
    """A request. Its *session* is None on the page to sign in alone."""

    house: House
    request: Request
    form: FormData
    session: Session | None = None

    @property
    def known(self) -> Session:
        """The session of a page that asks for one."""
        assert self.session is not None  # noqa: S101  # the door lets nobody in without
        return self.session

    @property
    def user(self) -> User:
        """Who is signed in."""
        return self.known.user

    @cached_property
    def language(self) -> Language:
        """The language in which the person is answered."""
        return language_of(self.request, self.session.user.language if self.session else None)

    def may(self, *roles: Role) -> bool:
        """Tell whether the person has one of the roles."""
        return bool(self.user.roles & set(roles))

    @cached_property
    def store(self) -> Store:
        """The ledger, written on behalf of the person."""
        return self.house.store.acting(actor_of(self.user))

    def said(self, name: str) -> str:
        """Return what a field of the form says, without spaces around it; empty where it was not sent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def asked(self, name: str) -> str:
        """Return what the address says behind `?name=`."""
        return self.request.query_params.get(name, "").strip()

    def number(self, name: str) -> int:
        """Return the number in the path; raise LookupError where it is none."""
        text = self.request.path_params[name]
        if (number := whole_number(text)) is None:
            raise LookupError(f"no page has the number {text}")
        return number

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        text = rendered(template, self.language, {**self._about(), **values})
        return HTMLResponse(text, status, headers_of(self.language))

    def sign_in_page(self, problem: str | None = None, *, status: int = 200, name: str = "") -> Response:
        """Answer with the page to sign in, and what is wrong by its name in the texts."""
        oidc = self.house.project.settings.console.oidc
        ways = {"provider": oidc and oidc.name, "takes_passwords": self.house.takes_passwords}
        return self.page("sign_in.html", status=status, problem=problem, name=name, **ways)

    def to(self, path: str) -> Response:
        """Send the browser to another page."""
        return RedirectResponse(path, SEE_OTHER)

    def _about(self) -> Mapping[str, Any]:
        session, house = self.session, self.house
        say, user = house.messages(self.language).say, session.user if session else None
        return {
            "here": self.request.url.path,
            "user": user,
            "form_token": session and session.form_token,
            "languages": languages(),
            "say": say,
            "called": naming(house.store, house.project, say, user),
            "can_ask_again": self.request.method == "GET",
        }


def address_of(request: Request) -> str:
    """Return where a request comes from; the proxy that the settings name is believed, see `server_of`."""
    return request.client.host if request.client else ""
