"""Under which settings the ledger is worked on: whatever differs from the last time is written into the log."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from rpa.audit.entry import Event, Fact
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import settings
from rpa.store.trail import append


def tell(books: Books, told: Mapping[str, str]) -> None:
    """Write down which settings have changed; see `Log.tell_settings`."""
    with books.reading() as connection:
        if _known(connection) == told:
            return
    with books.writing() as connection:
        before = _known(connection)
        if before == told:  # another process was quicker
            return
        connection.execute(delete(settings))
        connection.execute(insert(settings), [{"name": name, "value": value} for name, value in told.items()])
        data = {"before": _differing(before, told), "after": _differing(told, before)}
        append(connection, books.author, Fact(event=Event.SETTINGS_CHANGED, data=data), now())


def _known(connection: Connection) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(select(settings))}


def _differing(these: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in these.items() if others.get(name) != value}
