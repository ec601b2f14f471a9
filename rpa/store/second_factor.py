"""What else than a password proves who somebody is: a secret of their device, and codes for when that is lost.

The secret is sealed under a key of its own, which the project's key wraps; of the codes there are only hashes.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from rpa.audit.entry import Event, Fact
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.kept import require_current
from rpa.store.rows import now
from rpa.store.schema import second_factors, sessions
from rpa.store.trail import append

of = second_factors.c
USE = "second factor"


@dataclass(frozen=True)
class SecondFactors:
    """The second factors of one ledger's accounts."""

    _books: Books

    def owners(self) -> frozenset[str]:
        """Return the accounts that have one."""
        with self._books.reading() as connection:
            return frozenset(connection.execute(select(of.user_id)).scalars())

    def secret(self, user_id: str) -> bytes | None:
        """Return the account's secret; None where it has none."""
        with self._books.reading() as connection:
            row = connection.execute(select(second_factors).where(of.user_id == user_id)).first()
        return None if row is None else self._books.sealer.unwrap(row.key).open(row.secret, USE)

    def codes_left(self, user_id: str) -> int:
        """Return how many codes for a lost device are not used yet."""
        with self._books.reading() as connection:
            return len(connection.execute(select(of.codes).where(of.user_id == user_id)).scalar() or ())

    def set(self, user_id: str, secret: bytes, step: int, codes: Collection[str], *, token: str) -> None:
        """Let the account have this secret, of which *step* is used, and these hashes of codes; no others.

        It ends every session but the one that the hash *token* names: what began by the password alone proves
        nothing more by that. Raises `SetupError` where the project's key was changed since the ledger was opened.
        """
        key = self._books.sealer.new_key()
        row = {"user_id": user_id, "key": key.wrapped, "secret": key.seal(secret, USE), "used": step}
        others = (sessions.c.user_id == user_id, sessions.c.token != token)
        with self._books.writing() as connection:
            require_current(connection, self._books.sealer)
            connection.execute(delete(sessions).where(*others))
            connection.execute(delete(second_factors).where(of.user_id == user_id))
            connection.execute(insert(second_factors), {**row, "codes": sorted(codes)})
            data = {"user": user_id, "second_factor": "set"}
            append(connection, self._books.author, Fact(event=Event.USER_CHANGED, data=data), now())

    def use_step(self, user_id: str, step: int) -> bool:
        """Use a code of this time step up; False where it, or a later one, was used before."""
        unused = (of.user_id == user_id, of.used < step)
        with self._books.writing() as connection:
            return connection.execute(update(second_factors).where(*unused).values(used=step)).rowcount == 1

    def use_code(self, user_id: str, hashed: str) -> bool:
        """Use a code for a lost device up; False where it is none, or was used before."""
        with self._books.writing() as connection:
            codes = connection.execute(select(of.codes).where(of.user_id == user_id)).scalar() or []
            if hashed not in codes:
                return False
            left = [code for code in codes if code != hashed]
            connection.execute(update(second_factors).where(of.user_id == user_id).values(codes=left))
            data = {"user": user_id, "second_factor": "recovery code used"}
            append(connection, self._books.author, Fact(event=Event.USER_CHANGED, data=data), now())
            return True

    def drop(self, user_id: str) -> None:
        """Let the account have none, and sign it out everywhere. Raises `BusinessException` where it has none."""
        with self._books.writing() as connection:
            if connection.execute(delete(second_factors).where(of.user_id == user_id)).rowcount != 1:
                raise BusinessException(f"there is no account {user_id} with a second factor")
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
            data = {"user": user_id, "second_factor": "dropped"}
            append(connection, self._books.author, Fact(event=Event.USER_CHANGED, data=data), now())
