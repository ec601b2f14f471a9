"""`find: {Table: {Column: value}}`: the one row that says this."""

from collections.abc import Mapping
from contextlib import closing

from rpa.actions.base import Stage
from rpa.browser.form import ScreenRow
from rpa.errors import ApplicationException, BusinessException
from rpa.fields.base import ScreenValue, folded


class FoundSeveral(BusinessException):
    """The system holds several entries with this reference; a person has to look which is right."""


def do(stage: Stage, target: Mapping[str, Mapping[str, str]]) -> None:
    """Set `stage.row` to the row, or to None where the system says that there is none.

    Absence needs evidence of its own: a table left from an earlier look proves nothing.
    """
    ((table, columns),) = target.items()
    rows = _matching(stage, table, columns)
    if len(rows) > 1:
        raise FoundSeveral(f"{stage.screen.name}: DUPLICATE, {len(rows)} entries where one was expected")
    stage.row = rows[0] if rows else None


def _matching(stage: Stage, table: str, columns: Mapping[str, str]) -> list[ScreenRow]:
    values = {name: stage.cell_value(text) for name, text in columns.items()}
    with closing(stage.screen.looks(table)) as looks:
        for rows in looks:
            found = [row for row in rows if _says(row, values)] or [row for row in rows if _resembles(row, values)]
            if found or stage.screen.absent(table):
                return found
    raise ApplicationException(f"{stage.screen.name}: neither a row of {table} nor word that there is none")


def _says(row: ScreenRow, values: Mapping[str, ScreenValue]) -> bool:
    return all(value.agrees(row.texts[name]) for name, value in values.items())


def _resembles(row: ScreenRow, values: Mapping[str, ScreenValue]) -> bool:
    """Tell whether the row says the same in other letters: many systems make them all capitals."""
    return all(value.agrees(row.texts[name]) or _same(value, row.texts[name]) for name, value in values.items())


def _same(value: ScreenValue, shown: str) -> bool:
    return folded(" ".join(value.texts)).casefold() == folded(shown).casefold()
