"""Fields that are read and required, but go nowhere."""

import re
from collections.abc import Iterator

from rpa.definitions.bot import Bot
from rpa.definitions.step import REFERENCE, Action
from rpa.definitions.yaml import Source
from rpa.errors import Problem


def unused_problems(bot: Bot, source: Source) -> Iterator[Problem]:
    """Yield each required field that no step, expression, match or `agree` uses; a Python action may use any."""
    if any(isinstance(step.root, Action) for entry in bot.enter for step in entry.steps()):
        return
    used = set(_used(bot))
    for name, spec in bot.record.fields.items():
        if spec.required and name not in used:
            words = f"`{name}` is required but never entered: use it in a step, a rule or a match, or leave it out"
            yield source.problem(("record", "fields", name), words, at_key=True)


def _used(bot: Bot) -> Iterator[str]:
    yield from filter(None, (bot.record.reference, bot.record.subject))
    if bot.record.person is not None:
        yield from (*bot.record.person.name, bot.record.person.born)
    for entry in bot.enter:
        for step in entry.steps():
            yield from (name for name, _ in step.references())
    for document in bot.documents.values():
        yield from (found[1] for text in document.match.values() if (found := REFERENCE.fullmatch(text)))
    for names in bot.record.agree:
        yield from names
    record = bot.record
    for expression in filter(None, (*(rule.check for rule in record.rules), record.priority, record.deadline)):
        yield from re.findall(r"[A-Za-z_]\w*", expression)
