"""Documents that came with a mail: which one, and what they can't say beside it."""

from collections.abc import Iterator

from rpa.definitions.bot import Bot
from rpa.definitions.meant import hint
from rpa.definitions.yaml import Source
from rpa.errors import Problem

MAIL = "mail"
"""The reader whose documents have others attached."""


def attached_problems(bot: Bot, name: str, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with the document *name*, which is attached to another."""
    spec, way, each = bot.documents[name], ("documents", name), bot.record.each
    mail = bot.documents.get(spec.attached_to or "")
    if mail is None:
        message = f"no document is called `{spec.attached_to}`{hint(str(spec.attached_to), bot.documents)}"
        yield source.problem((*way, "attached_to"), message)
    elif mail.reader != MAIL or spec.attached_to != each:
        words = "only a mail has documents attached, and it is what the record's `each` names"
        yield source.problem((*way, "attached_to"), words)
    for key in ("match", "totals"):
        if getattr(spec, key):
            words = f"`{name}` came with its mail and has no `{key}`: leave it out"
            yield source.problem((*way, key), words, at_key=True)
    if "/" in spec.files:
        yield source.problem((*way, "files"), "an attached file is in no folder: give a pattern such as `*.pdf`")
