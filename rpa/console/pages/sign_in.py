"""The way in, and out."""

import re

from starlette.responses import Response

from rpa.console import codes, passwords, sessions
from rpa.console.origin import origin
from rpa.console.patience import Late
from rpa.console.speaking import keep
from rpa.console.visit import ENDED, UNPROCESSABLE, Visit, address_of
from rpa.people import User

TOO_MANY = 429

OURS = re.compile(r"(/[A-Za-z0-9._-]+)+")
"""Paths of this host: to nowhere else does the choice of a language lead."""


def show(visit: Visit) -> Response:
    """Show the page, and whether what was sent last was lost; who is signed in goes on to their work."""
    return visit.to("/") if visit.session else visit.sign_in_page("ended" if visit.asked(ENDED) else None)


def speak(visit: Visit) -> Response:
    """Let the browser keep the language that somebody chooses who is not signed in, and show the page in it."""
    path = visit.said("back")
    answer = visit.to(path if OURS.fullmatch(path) else "/sign-in")
    keep(answer, visit.said("language"))
    return answer


def enter(visit: Visit) -> Response:
    """Sign in, or say that name and password don't belong together; never which of both is wrong."""
    _refuse_closed(visit)
    name, password = visit.said("name"), str(visit.form.get("password", ""))
    patience = visit.house.patience
    if patience.wait(address_of(visit.request), name):
        return visit.sign_in_page("wait", status=TOO_MANY, name=name)
    return Late(_answer(visit, name, password), patience.delay(name))


def _refuse_closed(visit: Visit) -> None:
    """Raise LookupError where the settings let nobody in by an account of our own."""
    if not visit.house.takes_passwords:
        raise LookupError("accounts of the console's own are switched off")


def _answer(visit: Visit, name: str, password: str) -> Response:
    """Look at a try. What is refused costs the same for an account that there is and one that there is not."""
    house = visit.house
    found = house.store.accounts.credential(name)
    if not passwords.matches(password, found[1] if found else None) or found is None:
        house.store.accounts.refuse(name if found else None, address_of(visit.request))
        return visit.sign_in_page("wrong", status=UNPROCESSABLE, name=name)
    house.patience.succeeded(address_of(visit.request), name)
    if name in house.store.second_factors.owners():
        return visit.page("code.html", problem=None, token=house.waiting.hold(name))
    return _begun(visit, found[0])


def prove(visit: Visit) -> Response:
    """Sign in somebody whose password was right, by a code of their device, or one for when it is lost."""
    _refuse_closed(visit)
    token, house = visit.said("signing_in"), visit.house
    name = house.waiting.held(token) or ""
    found = house.store.accounts.credential(name)
    if found is None:
        return visit.sign_in_page("too_late", status=UNPROCESSABLE)
    everywhere = f"codes of {name}"  # who tries them knows the password: nobody else can use the limit up
    if house.patience.wait(everywhere, name):
        return visit.sign_in_page("wait", status=TOO_MANY, name=name)
    if not _proves(visit, name, visit.said("code")):
        house.store.accounts.refuse(name, address_of(visit.request))
        answer = visit.page("code.html", status=UNPROCESSABLE, problem="code", token=token)
        return Late(answer, house.patience.delay(name))
    house.patience.succeeded(everywhere, name)
    house.waiting.forget(token)
    return _begun(visit, found[0])


def _proves(visit: Visit, name: str, code: str) -> bool:
    """Tell whether a code is right and was not used before."""
    factors = visit.house.store.second_factors
    secret = factors.secret(name)
    step = None if secret is None else codes.step_of(secret, code)
    return factors.use_code(name, codes.hashed(code)) if step is None else factors.use_step(name, step)


def _begun(visit: Visit, user: User) -> Response:
    answer = visit.to("/")
    sessions.begin(visit.house.store.accounts, user, address_of(visit.request), answer)
    return answer


def leave(visit: Visit) -> Response:
    """Sign out; whoever came by the provider is told that they are still signed in there."""
    provider = visit.house.provider
    out = (
        ""
        if provider is None or visit.user.issuer is None
        else provider.way_out(f"{origin(visit.request)}/sign-in")
    )
    answer = visit.page("signed_out.html", out=out, user=None) if visit.user.issuer else visit.to("/sign-in")
    sessions.end(visit.house.store.accounts, visit.known, answer)
    return answer
