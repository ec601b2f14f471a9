"""A form as it is proposed from an empty workbook, for its author to look through."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from rpa.documents.base import Row
from rpa.intake.learned import called, lines_of, named_apart, type_of


def proposed_workbook(name: str, title: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the form *name*, to be written as YAML, from what was read of an empty workbook."""
    known, *values = rows
    once = [row for row in values if not _text(row, "table")]
    columns = sorted((row for row in values if _text(row, "table")), key=lambda row: _text(row, "table"))
    used: dict[str, int] = {}
    fields = _fields(once, used)
    tables = {
        called([sheet]): _table(sheet, list(held), used)
        for sheet, held in groupby(columns, key=lambda row: _text(row, "table"))
    }
    return {
        "form": name,
        "about": title,
        "reader": "excel-form",
        "editions": {"first": {"recognise": {"sheet": lines_of(known, "sheet"), "text": lines_of(known, "text")}}},
        "fields": fields,
    } | ({"tables": tables} if tables else {})


def _table(sheet: str, rows: Sequence[Row], used: dict[str, int]) -> dict[str, Any]:
    fields = _fields(rows, used)
    return {"sheet": sheet, "row_if": next(iter(fields)), "fields": fields}


def _fields(rows: Iterable[Row], used: dict[str, int]) -> dict[str, Any]:
    return {name: _field(row) for name, row in named_apart(((_called(row), row) for row in rows), used)}


def _called(row: Row) -> str:
    name = re.sub(r"[^a-z0-9_]+", "_", _text(row, "name").casefold()).strip("_")
    return name if re.match(r"[a-z]", name) else called([_text(row, "label"), _text(row, "cell")])


def _field(row: Row) -> Mapping[str, Any]:
    places = {key: text for key in ("name", "cell", "label") if (text := _text(row, key))}
    return {**places, **type_of("", _text(row, "label")), "required": False}


def _text(row: Row, key: str) -> str:
    return row.cells[key].text
