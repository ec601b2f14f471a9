"""Accounts and their sessions. A change of an account ends its sessions, in the same commit as its entry."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from rpa.audit.entry import Actor, Event, Fact
from rpa.errors import BusinessException
from rpa.people import Role, SignedIn, User
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import sessions, users
from rpa.store.trail import append

ID = re.compile(r"(?=.*[A-Za-z0-9])[A-Za-z0-9._@-]{1,64}")
"""What is typed to sign in; it stands in addresses of pages too."""

NO_PASSWORD = "-"  # noqa: S105  # of which nothing is the hash

of = users.c
SESSION = select(users, sessions.c.began, sessions.c.seen).join(users, users.c.id == sessions.c.user_id)


@dataclass(frozen=True)
class Accounts:
    """The accounts of one ledger. Passwords come hashed and tokens come hashed: neither is ever seen here."""

    _books: Books

    def add(self, user_id: str, name: str, roles: Collection[Role], password: str) -> None:
        """Make an account; *password* is its hash. `BusinessException` for an id that is taken, or is none."""
        if not ID.fullmatch(user_id):
            raise BusinessException(
                "an account's name has up to 64 letters, digits and any of . _ @ - with a letter or digit"
            )
        with self._books.writing() as connection:
            if _row(connection, user_id) is not None:
                raise BusinessException(f"there is an account {user_id} already; rpa user list shows it")
            at = now()
            told = {"name": name, "roles": sorted(roles)}
            row = {"id": user_id, **told, "password": password, "created": at}
            connection.execute(insert(users), row)
            self._write(connection, Event.USER_ADDED, {"user": user_id, **told}, at)

    def known(self, issuer: str, subject: str, name: str, roles: Collection[Role]) -> User | None:
        """Return the account of somebody whom a provider has proven, made or changed to this name and these roles.

        None where there is no account, and no role to make one for. Other roles end its sessions.
        """
        with self._books.writing() as connection:
            found = connection.execute(select(users).where(of.issuer == issuer, of.subject == subject)).first()
            told = {"name": name or _id_of(issuer, subject), "roles": sorted(roles)}
            if found is None and roles:
                return self._made(connection, issuer, subject, told)
            if found is None or (found.name, found.roles) == (told["name"], told["roles"]):
                return None if found is None else _user(found)
            if found.roles != told["roles"]:
                connection.execute(delete(sessions).where(sessions.c.user_id == found.id))
            changed = update(users).where(of.id == found.id).values(told).returning(users)
            row = connection.execute(changed).one()
            self._write(connection, Event.USER_CHANGED, {"user": found.id, **told}, now())
            return _user(row)

    def _made(self, connection: Connection, issuer: str, subject: str, told: Mapping[str, Any]) -> User:
        user_id, at = _id_of(issuer, subject), now()
        values = {"id": user_id, **told, "password": NO_PASSWORD, "created": at}
        row = connection.execute(
            insert(users).returning(users), {**values, "issuer": issuer, "subject": subject}
        ).one()
        self._write(connection, Event.USER_ADDED, {"user": user_id, **told, "issuer": issuer}, at)
        return _user(row)

    def change(
        self,
        user_id: str,
        *,
        roles: Collection[Role] | None = None,
        password: str | None = None,
        disabled: bool | None = None,
    ) -> None:
        """Change what is given, and sign the person out everywhere.

        Raises `BusinessException` for no account, and for a role or password of one that a provider looks after.
        """
        with self._books.writing() as connection:
            row = _row(connection, user_id)
            if row is not None and row.issuer is not None and not (roles is None and password is None):
                raise BusinessException(f"{user_id} has its roles from {row.issuer}, and no password here")
            at = now()
            values: dict[str, Any] = {}
            if roles is not None:
                values["roles"] = sorted(roles)
            if disabled is not None:
                values["disabled"] = at if disabled else None
            said = {key: value is not None if key == "disabled" else value for key, value in values.items()}
            if password is not None:
                values["password"], said["password"] = password, "changed"
            changed = connection.execute(update(users).where(of.id == user_id).values(values)) if values else None
            if changed is None or changed.rowcount != 1:
                raise BusinessException(f"there is no account {user_id}, or nothing to change of it")
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
            self._write(connection, Event.USER_CHANGED, {"user": user_id, **said}, at)

    def speak(self, user_id: str, language: str | None) -> None:
        """Keep the language that the person chose for the pages: of no account's rights, so no session ends."""
        with self._books.writing() as connection:
            connection.execute(update(users).where(of.id == user_id).values(language=language))

    def sign_out(self, user_id: str) -> None:
        """Sign the person out everywhere. Raises `BusinessException` for no account."""
        with self._books.writing() as connection:
            if _row(connection, user_id) is None:
                raise BusinessException(f"there is no account {user_id}")
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
            self._write(connection, Event.USER_CHANGED, {"user": user_id, "sessions": "ended"}, now())

    def sign_out_of(self, issuer: str, subject: str) -> None:
        """Sign somebody out everywhere whom a provider knows; whom nobody knows here has nothing to end."""
        with self._books.writing() as connection:
            row = connection.execute(select(users).where(of.issuer == issuer, of.subject == subject)).first()
            if row is not None:
                connection.execute(delete(sessions).where(sessions.c.user_id == row.id))
                data = {"user": row.id, "sessions": "ended", "by": "provider"}
                self._write(connection, Event.USER_CHANGED, data, now())

    def one(self, user_id: str) -> User:
        """Return one account; raise LookupError where there is none."""
        with self._books.reading() as connection:
            row = _row(connection, user_id)
        if row is None:
            raise LookupError(f"there is no account {user_id}")
        return _user(row)

    def last_seen(self) -> dict[str, datetime]:
        """Return when each person who has a session did something last."""
        seen = select(sessions.c.user_id, func.max(sessions.c.seen)).group_by(sessions.c.user_id)
        with self._books.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(seen)}

    def all(self) -> list[User]:
        """Return every account, by its id."""
        with self._books.reading() as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(of.id))]

    def credential(self, user_id: str) -> tuple[User, str] | None:
        """Return an account that may sign in and the hash of its password; None where it has none."""
        with self._books.reading() as connection:
            row = _row(connection, user_id)
        if row is None or row.disabled is not None or row.issuer is not None:
            return None
        return _user(row), row.password

    def begin(self, user: User, token: str, address: str, *, ended_before: datetime) -> None:
        """Begin a session that the hash *token* names; those of anybody that began too long ago are forgotten."""
        with self._books.writing() as connection:
            at = now()
            connection.execute(delete(sessions).where(sessions.c.began < ended_before))
            connection.execute(insert(sessions), {"token": token, "user_id": user.id, "began": at, "seen": at})
            self._write(connection, Event.USER_SIGNED_IN, {"address": address}, at, by=user)

    def refuse(self, user_id: str | None, address: str, reason: str | None = None) -> None:
        """Write down that somebody did not know the password of an account, or for which other *reason* not.

        None stands for one that there is not: what somebody typed may be a password, and is not kept.
        """
        told = {"address": address} if user_id is None else {"user": user_id, "address": address}
        with self._books.writing() as connection:
            fact = Fact(event=Event.USER_REFUSED, data=told, reason=reason)
            append(connection, self._books.author, fact, now())

    def session(self, token: str) -> SignedIn | None:
        """Return the session that the hash *token* names, of an account that is not disabled."""
        with self._books.reading() as connection:
            found = SESSION.where(sessions.c.token == token, of.disabled.is_(None))
            row = connection.execute(found).first()
        return None if row is None else SignedIn(user=_user(row), began=row.began, seen=row.seen)

    def seen(self, token: str) -> None:
        """Note that the person has done something just now."""
        with self._books.writing() as connection:
            connection.execute(update(sessions).where(sessions.c.token == token).values(seen=now()))

    def end(self, user: User, token: str) -> None:
        """End a session."""
        with self._books.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token == token))
            self._write(connection, Event.USER_SIGNED_OUT, {}, now(), by=user)

    def _write(
        self,
        connection: Connection,
        event: Event,
        data: Mapping[str, Any],
        at: datetime,
        *,
        by: User | None = None,
    ) -> None:
        author = self._books.author if by is None else replace(self._books.author, actor=actor_of(by))
        append(connection, author, Fact(event=event, data=data), at)


def actor_of(user: User) -> Actor:
    """Return the person as the audit log names them."""
    return Actor(kind="person", id=user.id, name=user.name, role=", ".join(sorted(user.roles)))


def _id_of(issuer: str, subject: str) -> str:
    """Return what a provider's account is called here: never by a name or mail, which may pass on to others."""
    return f"oidc-{hashlib.sha256(f'{issuer} {subject}'.encode()).hexdigest()[:16]}"


def _row(connection: Connection, user_id: str) -> Row[Any] | None:
    return connection.execute(select(users).where(of.id == user_id)).first()


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        name=row.name,
        roles=frozenset(map(Role, row.roles)),
        created=row.created,
        disabled=row.disabled,
        language=row.language,
        issuer=row.issuer,
    )
