"""Whom staff know already: other records about the same person, where they stand, and which look like this."""

from collections.abc import Sequence
from dataclasses import dataclass

from rpa.definitions.bot import Bot
from rpa.dispatcher import subject_of
from rpa.records import Record, title
from rpa.store.known import Known
from rpa.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Acquaintance:
    """Another record of the same person; *differs* are the titles of the fields that hold something else.

    It is *twin* where it is one of the same bot and nothing differs but the reference and who it is.
    """

    known: Known
    differs: Sequence[str]
    twin: bool


def acquaintances(
    store: Store, bot: Bot | None, record: Record, *, but: int | None, most: int
) -> list[Acquaintance]:
    """Return what is known of the person whom the record is about, twins first; nothing where no bot says who."""
    if bot is None:
        return []
    found = store.known(subject_of(bot, record), record.to_json(), but=but, most=most)
    return sorted((_told(bot, one) for one in found), key=lambda one: not one.twin)


def _told(bot: Bot, one: Known) -> Acquaintance:
    fields = bot.record.fields
    names = [name for name in fields if name in one.differs and name != bot.record.reference]
    person = bot.record.person
    apart = {bot.record.subject, *person.name} if one.perhaps and person is not None else set()
    twin = one.bot == bot.bot and not set(names) - apart
    return Acquaintance(known=one, differs=[title(name, fields[name]) for name in names], twin=twin)
