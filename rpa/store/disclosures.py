"""To whom a subject's records were disclosed: the accounting that the Privacy Act asks for (5 U.S.C. 552a(c)).

It is read from the audit log, where it stands with the promise of each entry, as the page map said it then.
Names of fields stand there, never values.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rpa.store.connect import Books
from rpa.store.erasure import records_of
from rpa.store.trail import read


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """One time that a record went to a recipient; *status* is where its transaction has come since."""

    date: str
    reference: str
    system: str
    recipient: str
    address: str
    purpose: str
    nature: str
    authority: str
    status: str


def disclosures(books: Books, text: str, bot: str | None) -> Iterator[Disclosure]:
    """Yield each disclosure of the subject's records; see `Personal.disclosures`."""
    for its_bot, reference in records_of(books, text, bot):
        yield from _of_record(books, its_bot, reference)


def _of_record(books: Books, bot: str, reference: str) -> Iterator[Disclosure]:
    entries = [entry for entry in read(books, reference=reference, after=0, bot=bot) if "to" in entry]
    status = {entry["transaction"]: entry["to"] for entry in entries}
    for entry in entries:
        told = entry.get("data", {}).get("disclosure")
        if told is not None:
            yield Disclosure(
                date=entry["at"],
                reference=reference,
                system=entry["system"],
                recipient=told["recipient"],
                address=told["address"],
                purpose=told["purpose"],
                nature=told.get("nature") or ", ".join(told["fields"]),
                authority=told.get("authority", ""),
                status=status[entry["transaction"]],
            )
