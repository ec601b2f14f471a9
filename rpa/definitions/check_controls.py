"""Totals that a document states of itself, and facts that are read in two places."""

from collections.abc import Iterator

from rpa.definitions.bot import Bot, ControlSpec, DocumentSpec
from rpa.definitions.meant import hint
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

WORKBOOKS = ("excel", "excel-form")
"""Readers of documents that can state a total."""

SUMMED = ("money", "integer", "decimal")
"""Types that can be added up."""


def control_problems(bot: Bot, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with `totals` of documents and `agree` of the record."""
    for name, spec in bot.documents.items():
        for number, control in enumerate(spec.totals):
            yield from _control(bot, name, control, ("documents", name, "totals", number), source)
        yield from _totals(bot, name, spec, source)
    for number, names in enumerate(bot.record.agree):
        yield from _agree(bot, names, ("record", "agree", number), source)


def _totals(bot: Bot, name: str, spec: DocumentSpec, source: Source) -> Iterator[Problem]:
    way: Location = ("documents", name, "totals")
    if spec.totals and spec.reader not in WORKBOOKS:
        words = f"the reader `{spec.reader}` can't find a total: only workbooks can state one"
        yield source.problem(way, words, at_key=True)
    elif spec.totals and name != bot.record.each:
        words = f"`totals` are of the document that records come from, `{bot.record.each}`"
        yield source.problem(way, words, at_key=True)


def _control(bot: Bot, name: str, spec: ControlSpec, way: Location, source: Source) -> Iterator[Problem]:
    if (spec.sum is None) == (spec.count is None):
        yield source.problem(way, "a total is either a `sum` of a field or a `count` of rows: give one of the two")
    if (spec.cell is None) == (spec.label is None):
        yield source.problem(way, "say where the document states it: give a `cell` or a `label`, one of the two")
    if spec.sum is not None:
        wrong = _not_summed(bot, name, spec.sum)
        if wrong:
            yield source.problem((*way, "sum"), wrong)


def _not_summed(bot: Bot, document: str, name: str) -> str | None:
    field = bot.record.fields.get(name)
    if field is None:
        return f"no field is called `{name}`{hint(name, bot.record.fields)}"
    if field.from_ != document:
        return f"`{name}` comes from `{field.from_}`: only a field of `{document}` can be added up here"
    return None if field.type in SUMMED else f"`{name}` is no number: give a field of the type {', '.join(SUMMED)}"


def _agree(bot: Bot, names: tuple[str, ...], way: Location, source: Source) -> Iterator[Problem]:
    unknown = [name for name in names if name not in bot.record.fields]
    for name in unknown:
        yield source.problem(way, f"no field is called `{name}`{hint(name, bot.record.fields)}")
    if len(set(names)) < len(names) or len(names) < 2:  # noqa: PLR2004  # one alone agrees with nothing
        yield source.problem(way, "name two or more fields that hold the same fact: `[claim_name, roster_name]`")
    types = {bot.record.fields[name].type for name in names if name not in unknown}
    if len(types) > 1:
        words = f"fields that agree have one type, and these have {', '.join(sorted(types))}"
        yield source.problem(way, words)
