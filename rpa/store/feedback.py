"""What staff say is wrong with a bot, or with what it said of a record: for its owner, counted, with examples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, insert, select

from rpa.audit.entry import Actor, Event, Fact
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import feedback, work_items
from rpa.store.trail import append
from rpa.work import WorkItem

of = feedback.c


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What somebody said. *reference* and *work_item_id* are of the record at which they were looking, if any."""

    words: str
    by: Actor
    at: datetime
    reference: str | None
    work_item_id: int | None


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What was said about one thing: *about* are an exception's words, or nothing where the whole bot is meant.

    *count* is how often, *newest* when last; *examples* are the newest.
    """

    bot: str
    about: str
    count: int
    newest: datetime
    examples: Sequence[Feedback] = ()


@dataclass(frozen=True)
class Feedbacks:
    """All that was said of the bots of one ledger."""

    _books: Books

    def give(self, bot: str, words: str, *, about: str = "", item: WorkItem | None = None) -> None:
        """Keep what whoever acts says is wrong, for the bot's owner.

        *about* is what the bot said of *item*, such as an exception; without it the bot as a whole is meant.
        Raises `BusinessException` for no *words*.
        """
        if not words.strip():
            raise BusinessException("say what is wrong", field="words")
        by, number, at = self._books.author.actor, item and item.id, now()
        row = {"bot": bot, "about": about, "work_item_id": number, "words": words, "by": by.said(), "at": at}
        with self._books.writing() as connection:
            added = connection.execute(insert(feedback).returning(of.id), row).scalar_one()
            data = {"feedback": f"feedback-{added}", "about": "exception" if about else "bot"}
            fact = Fact(event=Event.FEEDBACK_GIVEN, bot=bot, reason=words, data=data)
            if item is not None:
                fact = replace(fact, reference=item.reference, work_item=item.id)
            append(connection, self._books.author, fact, at)

    def counts(self, bot: str | None = None) -> list[Complaint]:
        """Return how often people said that something is wrong, by bot and what it is about; the most first."""
        rows = select(of.bot, of.about, func.count().label("count"), func.max(of.at).label("newest"))
        rows = rows.group_by(of.bot, of.about).order_by(func.count().desc(), func.max(of.at).desc())
        with self._books.reading() as connection:
            found = connection.execute(rows if bot is None else rows.where(of.bot == bot))
            return [Complaint(**row) for row in found.mappings()]

    def with_examples(self, one: Complaint, most: int) -> Complaint:
        """Return one of `counts` with its newest examples, *most* of them."""
        rows = select(feedback, work_items.c.reference).join(work_items, isouter=True)
        rows = rows.where(of.bot == one.bot, of.about == one.about).order_by(of.id.desc()).limit(most)
        with self._books.reading() as connection:
            examples = [
                Feedback(
                    words=row.words,
                    by=Actor(**row.by),
                    at=row.at,
                    reference=row.reference,
                    work_item_id=row.work_item_id,
                )
                for row in connection.execute(rows)
            ]
        return replace(one, examples=examples)
