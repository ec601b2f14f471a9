"""Columns: what a bot looks for in a table, against the headings that a file has."""

from collections.abc import Collection, Iterator

from rpa.definitions.bot import Bot
from rpa.definitions.meant import hint
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem


def check_columns(bot: Bot, source: Source, document: str, headings: Collection[str]) -> list[Problem]:
    """Return each column of *document* that *bot* names and a file with these *headings* does not have."""
    known = {_folded(heading) for heading in headings}
    found = [
        source.problem(way, f"`{document}` has no column `{label}`{hint(label, headings)}", at_key=at_key)
        for way, label, at_key in _named(bot, document)
        if _folded(label) not in known
    ]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _named(bot: Bot, document: str) -> Iterator[tuple[Location, str, bool]]:
    """Yield each heading that the bot names, with its place, and whether it stands there as a key."""
    for column in bot.documents[document].match:
        yield ("documents", document, "match", column), column, True
    for name, spec in bot.record.fields.items():
        if spec.from_ == document and not spec.file_name:
            yield ("record", "fields", name, "label"), spec.label or name, False


def _folded(heading: str) -> str:
    """Return *heading* as a person compares it: without capital letters, runs of spaces and a mark at the end."""
    return " ".join(heading.split()).casefold().rstrip(" :*")
