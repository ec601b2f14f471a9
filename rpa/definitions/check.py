"""What is wrong between the names of a bot: each is understood, but they do not fit together."""

from collections.abc import Iterator, Mapping

from rpa.definitions.bot import Bot
from rpa.definitions.check_controls import control_problems
from rpa.definitions.check_documents import document_problems
from rpa.definitions.check_entries import entry_problems
from rpa.definitions.check_record import record_problems
from rpa.definitions.check_references import reference_problems
from rpa.definitions.check_rules import rule_problems
from rpa.definitions.check_unused import unused_problems
from rpa.definitions.check_walk import entry_walk_problems
from rpa.definitions.gather import gathered
from rpa.definitions.system import System
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Source
from rpa.errors import Problem


def check(bot: Bot, source: Source, systems: Mapping[str, System | None], vocabulary: Vocabulary) -> list[Problem]:
    """Return every mistake of *bot*, in the order of its file.

    *systems* are the page maps by name; None stands for one that holds a mistake, which is told there.
    """
    found = list(_problems(bot, source, systems, vocabulary))
    # A mistake elsewhere can leave a field unused, which then is no second mistake.
    return gathered(found or unused_problems(bot, source))


def _problems(
    bot: Bot, source: Source, systems: Mapping[str, System | None], vocabulary: Vocabulary
) -> Iterator[Problem]:
    yield from document_problems(bot, source, vocabulary)
    yield from record_problems(bot, source, vocabulary)
    yield from control_problems(bot, source)
    yield from rule_problems(bot, source, vocabulary)
    yield from entry_problems(bot, source, systems)
    yield from entry_walk_problems(bot, source, systems, vocabulary)
    yield from reference_problems(bot, source)
