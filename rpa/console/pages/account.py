"""*My account*: one's own password, and the second factor."""

from starlette.responses import Response

from rpa.console import codes, passwords, sessions, speaking
from rpa.console.language import CODES
from rpa.console.visit import UNPROCESSABLE, Visit, address_of
from rpa.errors import BusinessException


def show(visit: Visit) -> Response:
    """Show one's own account."""
    return _page(visit)


def change_password(visit: Visit) -> Response:
    """Give oneself a new password; everybody who is signed in by the old one has to sign in anew."""
    if not _knows_password(visit):
        return _page(visit, status=UNPROCESSABLE, problem="password_wrong", about="change")
    try:
        new = passwords.hashed(str(visit.form.get("new", "")), visit.user.id)
    except BusinessException:
        return _page(visit, status=UNPROCESSABLE, problem="password_new", about="change")
    visit.store.accounts.change(visit.user.id, password=new)
    answer = visit.to("/sign-in")
    sessions.end(visit.store.accounts, visit.known, answer)
    return answer


def speak(visit: Visit) -> Response:
    """Choose one's language; what the browser kept of an earlier choice goes with it."""
    chosen = visit.said("language")
    visit.store.accounts.speak(visit.user.id, chosen if chosen in CODES else None)
    answer = visit.to("/account")
    speaking.keep(answer, chosen)
    return answer


def begin(visit: Visit) -> Response:
    """Show a new secret to somebody who knows their password; it counts once their device has said its code."""
    if not _knows_password(visit):
        return _page(visit, status=UNPROCESSABLE, problem="password_wrong", about="begin")
    secret = codes.new_secret()
    return _enrolment(visit, visit.house.waiting.hold(f"{visit.user.id} {codes.written(secret)}"), secret)


def enrol(visit: Visit) -> Response:
    """Let the device count from now on, and show the codes for when it is lost."""
    token = visit.said("setting_up")
    user_id, _, text = (visit.house.waiting.held(token) or "").partition(" ")
    if user_id != visit.user.id:
        return _page(visit, status=UNPROCESSABLE, problem="too_late", about="begin")
    secret = codes.read(text)
    step = codes.step_of(secret, visit.said("code"))
    if step is None:
        return _enrolment(visit, token, secret, status=UNPROCESSABLE, problem="code")
    recovery = codes.recovery_codes()
    hashes = list(map(codes.hashed, recovery))
    visit.store.second_factors.set(visit.user.id, secret, step, hashes, token=sessions.hashed(visit.known.token))
    visit.house.waiting.forget(token)
    return visit.page("recovery.html", codes=recovery)


def _enrolment(visit: Visit, token: str, secret: bytes, *, status: int = 200, problem: str = "") -> Response:
    text = codes.written(secret)
    said = {"token": token, "problem": problem, "picture": codes.picture(secret, visit.user.id)}
    parts = [text[begin : begin + 4] for begin in range(0, len(text), 4)]
    return visit.page("enrolment.html", status=status, secret=" ".join(parts), **said)


def _knows_password(visit: Visit) -> bool:
    """Tell whether the person has typed their password; guesses are slowed down as on the page to sign in."""
    address = address_of(visit.request)
    patience, found = visit.house.patience, visit.house.store.accounts.credential(visit.user.id)
    if patience.wait(address, visit.user.id):
        return False
    known = passwords.matches(str(visit.form.get("password", "")), found[1] if found else None)
    if known:
        patience.succeeded(address, visit.user.id)
    else:  # perhaps it is somebody else who sits there
        visit.house.store.accounts.refuse(visit.user.id, address)
    return known


def _page(visit: Visit, *, status: int = 200, problem: str = "", about: str = "") -> Response:
    factors = visit.store.second_factors
    return visit.page(
        "account.html",
        status=status,
        has=visit.user.id in factors.owners(),
        left=factors.codes_left(visit.user.id),
        chosen=speaking.chosen(visit.request, visit.user.language),
        missing=visit.house.lacks_factor(visit.user),
        problem=problem,
        about=about,
    )
