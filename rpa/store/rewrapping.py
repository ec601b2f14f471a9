"""Another project's key: the keys of all subjects are wrapped anew by it, in one transaction.

What the ledger finds without reading it, by HMAC, can't be made anew without all the values. The key of these
HMACs therefore stays, and is kept under the project's key from then on.
"""

from collections.abc import Callable

from sqlalchemy import bindparam, delete, insert, select, update

from rpa.audit.entry import Event, Fact
from rpa.errors import SetupError
from rpa.store.connect import Books
from rpa.store.kept import KEPT
from rpa.store.owner import anybody_works
from rpa.store.rows import now
from rpa.store.schema import kept_keys, second_factors, subjects
from rpa.store.sealing import HIDING, Sealer
from rpa.store.trail import append


def rewrap(books: Books, load: Callable[[], bytes]) -> int:
    """Wrap all subjects' keys by the key that *load* fetches; see `Personal.change_project_key`."""
    books.require_owner()
    other = Sealer(load)
    with books.writing() as connection:
        kept = connection.execute(KEPT).scalar()
        if kept is not None and other.opens(kept):  # done already, but the key was not put in its place
            return 0
        if anybody_works(books.folder):  # it could write down no more what becomes of what it presses
            raise SetupError("a run is under way: let it end, and keep others from starting, then change the key")
        hiding = books.sealer.hiding_for(other)
        rows = connection.execute(select(subjects.c.id, subjects.c.key)).all()
        anew = [{"of": row.id, "to": books.sealer.rewrapped(row.key, other)} for row in rows]
        if anew:
            one = update(subjects).where(subjects.c.id == bindparam("of")).values(key=bindparam("to"))
            connection.execute(one, anew)
        for row in connection.execute(select(second_factors.c.user_id, second_factors.c.key)).all():
            this = second_factors.c.user_id == row.user_id
            key = books.sealer.rewrapped(row.key, other)
            connection.execute(update(second_factors).where(this).values(key=key))
        connection.execute(delete(kept_keys))
        connection.execute(insert(kept_keys), {"use": HIDING, "wrapped": hiding})
        data = {"key": "project", "subjects": len(anew)}
        append(connection, books.author, Fact(event=Event.KEY_CHANGED, data=data), now())
    return len(anew)
