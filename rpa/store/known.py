"""What is known of somebody already: other records of the same person, in whichever bot, and where they stand.

The same subject is the same person. Where the bot says what a person's name and date of birth are, so is perhaps
whoever was born on the same day and is called alike: the day is found by its keyed hash, and only the records of
those who share it are opened to compare the names.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from rpa.store.connect import Books
from rpa.store.rows import receipt_of
from rpa.store.schema import runs, subjects, transactions, work_items
from rpa.store.subjects import ITEMS, born_of, name_of, opened_record
from rpa.work import Status

item, of = work_items.c, transactions.c

BOTS = select(runs.c.bot).distinct()
"""Named so that the index of subjects, which begins with the bot, finds them among 100,000."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Another record of the same person, or *perhaps*: then the subject is another, and the name is like it.

    *entries* are (entry, status, receipt) in the bot's order; *differs* are the fields of both that hold different
    values, the *same* ones those that hold the same. Names alone, no values.
    """

    work_item_id: int
    bot: str
    reference: str
    created: datetime
    entries: Sequence[tuple[str, Status, str]]
    same: frozenset[str]
    differs: frozenset[str]
    perhaps: bool = False


LIKE = 80.0
"""Of 100: from here on two names may be one, in any order of their words: Mario Lopes is 82 like Maria Lopez."""

LOOKED = 200
"""Records of people of one date of birth that are opened at most, the newest."""


def known(books: Books, subject: str, record: Mapping[str, Any], but: int | None, most: int) -> list[Known]:
    """Return other records of a subject; see `Store.known`."""
    others = ITEMS.where(item.id != (but or 0)).order_by(item.id.desc())
    name = name_of(books.sealer, subject) if subject else ""
    with books.reading() as connection:
        same = others.where(subjects.c.bot.in_(BOTS), subjects.c.name == name).limit(most)
        found = [_known(books, connection, row, record) for row in connection.execute(same).all()] if name else []
        seen = [one.work_item_id for one in found]
        return found + [one for one in _perhaps(books, connection, others, record) if one.work_item_id not in seen]


def _perhaps(
    books: Books, connection: Connection, others: Select[Any], record: Mapping[str, Any]
) -> Iterator[Known]:
    """Yield the records of whoever was born on the same day and has a name like the record's person."""
    from rapidfuzz.fuzz import token_sort_ratio

    born, name = born_of(books.sealer, record), _name(record)
    if born is None or not name:
        return
    for row in connection.execute(others.where(item.born == born).limit(LOOKED)).all():
        other = opened_record(books.sealer.unwrap(row.key), row.record)
        if _within(name, _name(other)) or token_sort_ratio(name, _name(other)) >= LIKE:
            yield replace(_known(books, connection, row, record), perhaps=True)


def _within(one: str, other: str) -> bool:
    """Tell whether one name is the other with further words, as Maria Lopez Garcia is with Maria Lopez."""
    shorter, longer = sorted((set(one.split()), set(other.split())), key=len)
    return len(shorter) > 1 and shorter <= longer


def _name(record: Mapping[str, Any]) -> str:
    """Return the name of a record's person for comparing: without accents, marks and capital letters."""
    fields = record["fields"]
    texts = [fields.get(one, {}).get("text") or "" for one in record.get("person", {}).get("name", ())]
    plain = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    letters = (mark if mark.isalnum() else " " for mark in plain if not unicodedata.combining(mark))
    return " ".join("".join(letters).split())


def _known(books: Books, connection: Connection, row: Row[Any], record: Mapping[str, Any]) -> Known:
    own, other = _texts(record), _texts(opened_record(books.sealer.unwrap(row.key), row.record))
    both = own.keys() & other.keys()
    same = frozenset(name for name in both if own[name] == other[name])
    entries = connection.execute(select(transactions).where(of.work_item_id == row.id).order_by(of.id))
    return Known(
        work_item_id=row.id,
        bot=row.bot,
        reference=row.reference,
        created=row.created,
        entries=[(one.entry, Status(one.status), _receipt(one.receipt)) for one in entries],
        same=same,
        differs=frozenset(both - same),
    )


def _receipt(data: dict[str, Any]) -> str:
    return ", ".join(receipt_of(data).kept.values())


def _texts(record: Mapping[str, Any]) -> dict[str, str]:
    return {name: one["text"] or "" for name, one in record["fields"].items()}
