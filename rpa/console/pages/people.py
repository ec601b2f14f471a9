"""*People and roles*: who may sign in, and what they may do there; what is changed signs the person out."""

from collections.abc import Callable, Iterator
from typing import Any

from starlette.responses import Response

from rpa.console import passwords
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.errors import BusinessException
from rpa.people import Role, User
from rpa.store.accounts import ID, Accounts

LONGEST = 200
"""Characters of a name."""


def show(visit: Visit) -> Response:
    """List the accounts."""
    return _list(visit, added=visit.asked("added"))


def one(visit: Visit) -> Response:
    """Show one account."""
    return _one(visit, saved=bool(visit.asked("saved")))


def add(visit: Visit) -> Response:
    """Make an account; or say what is missing."""
    user_id, name, roles = visit.said("user"), visit.said("name")[:LONGEST], _roles(visit)
    password = _hash(visit, user_id)
    problems = [*_problems(user_id, name, roles), *([] if password else ["password"])]
    if any(known.id == user_id for known in visit.store.accounts.all()):
        problems.append("taken")
    if problems or password is None:
        said = {"user_id": user_id, "name": name, "chosen": roles}
        return _list(visit, status=UNPROCESSABLE, problems=problems, **said)
    visit.store.accounts.add(user_id, name, roles, password)
    return visit.to(f"/people?added={user_id}")


def give_roles(visit: Visit) -> Response:
    """Give the person other roles instead of those they have."""
    roles = _roles(visit)
    if not roles:
        return _one(visit, status=UNPROCESSABLE, problems=["roles"])
    return _changed(visit, lambda accounts, user: accounts.change(user.id, roles=roles))


def give_password(visit: Visit) -> Response:
    """Give the account a new password."""
    password = _hash(visit, _user(visit).id)
    if password is None:
        return _one(visit, status=UNPROCESSABLE, problems=["password"])
    return _changed(visit, lambda accounts, user: accounts.change(user.id, password=password))


def disable(visit: Visit) -> Response:
    """Let the person sign in no more."""
    return _changed(visit, lambda accounts, user: accounts.change(user.id, disabled=True))


def enable(visit: Visit) -> Response:
    """Let the person sign in again."""
    return _changed(visit, lambda accounts, user: accounts.change(user.id, disabled=False))


def sign_out(visit: Visit) -> Response:
    """Sign the person out everywhere."""
    user = _user(visit)
    visit.store.accounts.sign_out(user.id)
    return _done(visit, user)


def drop_factor(visit: Visit) -> Response:
    """Let the person set up another second factor: their device is lost, and so are their codes."""
    return _changed(visit, lambda _accounts, user: visit.store.second_factors.drop(user.id))


def _changed(visit: Visit, change: Callable[[Accounts, User], None]) -> Response:
    """Change somebody else: nobody gives themselves rights, or takes away the last administrator."""
    user = _user(visit)
    if user.id == visit.user.id:
        return _one(visit, status=CONFLICT)
    change(visit.store.accounts, user)
    return _done(visit, user)


def _done(visit: Visit, user: User) -> Response:
    return visit.to(f"/people/{user.id}?saved=1")


def _user(visit: Visit) -> User:
    return visit.store.accounts.one(visit.request.path_params["user"])


def _roles(visit: Visit) -> frozenset[Role]:
    return frozenset(role for role in Role if role in visit.form.getlist("role"))


def _hash(visit: Visit, user_id: str) -> str | None:
    """Return what is kept of the password that was typed; None for one that is too easy."""
    try:
        return passwords.hashed(str(visit.form.get("password", "")), user_id or "-")
    except BusinessException:
        return None


def _problems(user_id: str, name: str, roles: frozenset[Role]) -> Iterator[str]:
    if not name:
        yield "name"
    if not ID.fullmatch(user_id):
        yield "user"
    if not roles:
        yield "roles"


def _list(visit: Visit, *, status: int = 200, **said: Any) -> Response:
    accounts = visit.store.accounts
    told = {"problems": [], "added": "", "user_id": "", "name": "", "chosen": (), **said}
    everybody = sorted(accounts.all(), key=lambda user: (user.disabled is not None, user.name.casefold()))
    return visit.page(
        "people.html", status=status, people=everybody, seen=accounts.last_seen(), roles=Role, **told
    )


def _one(visit: Visit, *, status: int = 200, **said: Any) -> Response:
    user = _user(visit)
    told: dict[str, Any] = {"has": user.id in visit.store.second_factors.owners()}
    told |= {"problems": [], "saved": False, "own": user.id == visit.user.id, **said}
    seen = visit.store.accounts.last_seen().get(user.id)
    return visit.page("person.html", status=status, one=user, seen=seen, roles=Role, **told)
