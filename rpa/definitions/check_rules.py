"""Rules: expressions that fit the record's fields."""

import re
from collections.abc import Collection, Iterator

from rpa.definitions.bot import Bot
from rpa.definitions.meant import hint
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Source
from rpa.errors import Problem

FUNCTIONS = ("money", "decimal", "date", "today")
"""What a rule can call."""


def rule_problems(bot: Bot, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield why rules can't be. With a field of an unknown type nothing can be said about a rule."""
    record = bot.record
    if any(spec.type not in vocabulary.field_types for spec in record.fields.values()):
        return
    for i, rule in enumerate(record.rules):
        wrong = vocabulary.rule_problem(record, rule.check)
        if wrong:
            yield source.problem(("record", "rules", i, "check"), _told(wrong, record.fields))


def _told(wrong: str, fields: Collection[str]) -> str:
    """Return CEL's message in words that fit the record."""
    if unknown := re.search(r"undeclared reference to '([^']*)'", wrong):
        return f"the rule knows no `{unknown[1]}`{hint(unknown[1], [*fields, *FUNCTIONS])}"
    if mixed := re.search(r"no matching overload for '_?(\W+|\w+)_?' applied", wrong):
        return f'`{mixed[1]}` can\'t take these: an amount is written `money("5.00")`, a day `date("2026-11-02")`'
    if "Syntax error" in wrong:
        return "the rule is no expression: something is missing or one too many"
    return re.sub(r"^ERROR: <input>:\d+:\d+: ", "", wrong)
