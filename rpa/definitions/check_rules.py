"""Rules, urgency, and what needs a second person: expressions that fit the record's fields."""

import re
from collections.abc import Collection, Iterator

from rpa.definitions.bot import Bot
from rpa.definitions.meant import hint
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

FUNCTIONS = ("money", "decimal", "date", "days", "today")
"""What an expression can call."""


def rule_problems(bot: Bot, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield why expressions can't be. With a field of an unknown type nothing can be said about them."""
    record = bot.record
    if any(spec.type not in vocabulary.field_types for spec in record.fields.values()):
        return
    for way, expression in _expressions(bot):
        what = str(way[-1]) if way[-1] in ("priority", "deadline") else "rule"
        wrong = vocabulary.expression_problem(record, expression, what)
        if wrong:
            yield source.problem(way, _told(wrong, what, record.fields))


def _expressions(bot: Bot) -> Iterator[tuple[Location, str]]:
    for i, rule in enumerate(bot.record.rules):
        yield ("record", "rules", i, "check"), rule.check
    for key in ("priority", "deadline"):
        if (expression := getattr(bot.record, key)) is not None:
            yield ("record", key), expression
    if bot.four_eyes is not None and bot.four_eyes.when is not None:
        yield ("four_eyes", "when"), bot.four_eyes.when


def _told(wrong: str, what: str, fields: Collection[str]) -> str:
    """Return CEL's message in words that fit the record."""
    if unknown := re.search(r"undeclared reference to '([^']*)'", wrong):
        return f"the {what} knows no `{unknown[1]}`{hint(unknown[1], [*fields, *FUNCTIONS])}"
    if mixed := re.search(r"no matching overload for '_?(\W+|\w+)_?' applied", wrong):
        return f'`{mixed[1]}` can\'t take these: an amount is written `money("5.00")`, a day `date("2026-11-02")`'
    if "Syntax error" in wrong:
        return f"the {what} is no expression: something is missing or one too many"
    return re.sub(r"^ERROR: <input>:\d+:\d+: ", "", wrong)
