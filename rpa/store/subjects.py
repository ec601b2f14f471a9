"""Whom records are about: their keys, and the content that is sealed under them."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from rpa.store.kept import require_current
from rpa.store.schema import subjects, work_items
from rpa.store.sealing import Sealer, SubjectKey

RECORD, SALT = "record", "salt"
"""What a subject's key seals; one is never taken for the other."""

KNOWN = select(subjects.c.id, subjects.c.key).where(
    subjects.c.bot == bindparam("of_bot"), subjects.c.name == bindparam("of_name")
)
ADD = insert(subjects).returning(subjects.c.id)

ITEMS = select(work_items, subjects.c.key).join(subjects, subjects.c.id == work_items.c.subject_id, isouter=True)
"""Work items with the key that opens them; none where they were erased."""


class Subject(NamedTuple):
    """A subject of the ledger, and what seals and opens its records."""

    id: int
    key: SubjectKey


def name_of(sealer: Sealer, text: str) -> str:
    """Return the name under which the ledger knows a subject, however it is spelled: 536904399 is 536-90-4399."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return sealer.hidden("subject", "".join(filter(str.isalnum, plain)) or plain)


def born_of(sealer: Sealer, record: Mapping[str, Any]) -> str | None:
    """Return what stands for the date of birth of a record's person; None where the record does not say it."""
    named = record.get("person")
    text = record["fields"].get(named["born"], {}).get("text") if named else None
    return sealer.hidden("born", text) if text else None


def subject(connection: Connection, sealer: Sealer, bot: str, text: str) -> Subject:
    """Return the subject that a bot's records call *text*, made where it is new."""
    name = name_of(sealer, text)
    row = connection.execute(KNOWN, {"of_bot": bot, "of_name": name}).first()
    if row is not None:
        return Subject(row.id, sealer.unwrap(row.key))
    require_current(connection, sealer)
    key = sealer.new_key()
    return Subject(int(connection.execute(ADD, {"bot": bot, "name": name, "key": key.wrapped}).scalar_one()), key)


def sealed_record(key: SubjectKey, record: Mapping[str, Any]) -> bytes:
    """Return a record as the ledger keeps it."""
    return key.seal(json.dumps(dict(record), ensure_ascii=False).encode(), RECORD)


def opened_record(key: SubjectKey, sealed: bytes) -> Mapping[str, Any]:
    """Return the record that `sealed_record` sealed."""
    record: Mapping[str, Any] = json.loads(key.open(sealed, RECORD))
    return record
