"""What the pages know of bots, also of those that fail their check or are gone."""

from collections import Counter
from collections.abc import Iterator

from rpa.definitions.bot import Bot, Entry
from rpa.project import Project


def known(project: Project, name: str) -> Bot | None:
    """Return the bot as its file says it; None where there is none or it can't be understood."""
    found = project.library.bots.get(name)
    definition = found.definition if found is not None else None
    return definition if isinstance(definition, Bot) else None


def who_acts(project: Project, name: str) -> str:
    """Return who settles what needs a person: whom the bot notifies, else its owner; empty where nobody knows."""
    bot = known(project, name)
    return "" if bot is None else ", ".join(bot.notify or [bot.owner])


def given_in(project: Project, code: str) -> dict[str, str]:
    """Return what bots say of a rule that does not hold: by how the ledger has it, how the language *code* does.

    Where two bots say the same otherwise in the language, nobody knows which of them said it: it stays as it is.
    """
    said = set(_said(project, code))
    once = Counter(text for text, _ in said)
    return {text: words for text, words in said if once[text] == 1}


def _said(project: Project, code: str) -> Iterator[tuple[str, str]]:
    for name in project.library.bots:
        bot = known(project, name)
        for rule in bot.record.rules if bot is not None else ():
            if code in rule.else_:
                yield rule.said, rule.else_[code]


def entry_of(bot: Bot | None, name: str) -> Entry | None:
    """Return the bot's entry *name*, if the bot still has it."""
    return next((entry for entry in bot.enter if entry.name == name), None) if bot is not None else None
