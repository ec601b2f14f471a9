"""What is wrong with the tables of a form."""

from collections.abc import Iterator

from rpa.definitions.check_controls import WORKBOOKS
from rpa.definitions.check_value import between_problems, given, value_problems
from rpa.definitions.form import Form
from rpa.definitions.meant import hint
from rpa.definitions.names import WORD
from rpa.definitions.value import ValueSpec
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Location, Source
from rpa.errors import Problem

COLUMNS = {"excel-form": ("label", "name"), "pdf-form": ("label",), "pdf-text": ("label",)}
"""The ways to a column that each reader of tables knows: its heading, or the name that the workbook has for it."""


def table_problems(form: Form, name: str, source: Source, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what is wrong with the table *name* of a form."""
    table, way = form.tables[name], ("tables", name)
    if table.sheet is not None and form.reader not in WORKBOOKS:
        message = f"the reader `{form.reader}` knows no sheets: leave `sheet` out"
        yield source.problem((*way, "sheet"), message, at_key=True)
    yield from between_problems(table.between, (*way, "between"), source)
    if table.row_if is not None and table.row_if not in table.fields:
        words = f"`{table.row_if}` is none of the table's fields{hint(table.row_if, table.fields)}"
        yield source.problem((*way, "row_if"), words)
    for column, spec in table.fields.items():
        yield from _column(form, column, spec, (*way, "fields", column), source)
        yield from value_problems(spec, (*way, "fields", column), source, vocabulary)


def _or_name(form: Form) -> str:
    return ", or its `name`" if "name" in COLUMNS[form.reader] else ""


def _column(form: Form, name: str, spec: ValueSpec, way: Location, source: Source) -> Iterator[Problem]:
    if not WORD.fullmatch(name):
        words = f"`{name}` can't be a field's name: use letters, digits and underscores, so that `$name` works"
        yield source.problem(way, words, at_key=True)
    if name in form.fields or sum(name in table.fields for table in form.tables.values()) > 1:
        message = f"the form has two fields `{name}`: rename one, so that a bot can tell them apart"
        yield source.problem(way, message, at_key=True)
    for kind in given(spec):
        if kind not in COLUMNS[form.reader]:
            message = f"a column of a table is not found by `{kind}`: give its heading as `label`{_or_name(form)}"
            yield source.problem((*way, kind), message, at_key=True)
