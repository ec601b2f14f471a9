"""What a document says of its own rows, and what two documents say of one fact, before anything is entered."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from rpa.definitions.bot import ControlSpec, DocumentSpec, RecordSpec
from rpa.documents.base import Cell, Document, Place, Row, Wanted
from rpa.documents.sandbox import read_rows
from rpa.errors import DocumentProblem
from rpa.fields.base import FieldOptions, FieldProblem, Value, folded, read_value
from rpa.fields.table import field_type
from rpa.records import FieldValue, options_of, title

KIND = "does-not-add-up"
_READER = "excel-form"
"""What finds the one cell of a total."""


def refuse_totals(document: Document, spec: DocumentSpec, record: RecordSpec, rows: Sequence[Row]) -> None:
    """Raise `DocumentProblem` where a total that the document states is not that of its *rows*.

    So it is where a total can't be read, or a value that is to be added up: nothing was checked then.
    """
    controls = spec.totals
    if not controls:
        return
    places = {str(number): _place(one, spec.sheet) for number, one in enumerate(controls)}
    (stated,) = read_rows(_READER, document, Wanted(places=places))
    wrong = [
        words for number, one in enumerate(controls) for words in _wrong(one, str(number), stated, record, rows)
    ]
    if wrong:
        raise DocumentProblem(KIND, f"{'; '.join(wrong)}: nothing of it is entered; ask for a corrected one")


def _place(control: ControlSpec, sheet: str | None) -> Place:
    """Return where a total stands: a cell on the document's own *sheet* unless it names one, a label on any."""
    cell = control.cell
    if cell is not None and sheet is not None and "!" not in cell:
        cell = f"{sheet}!{cell}"
    return Place(cell=cell, label=control.label)


def _wrong(
    control: ControlSpec, number: str, stated: Row, record: RecordSpec, rows: Sequence[Row]
) -> Iterator[str]:
    cell = stated.cells.get(number)
    if cell is None:
        yield f"its total was not found ({stated.missing.get(number, 'no such place')})"
        return
    try:
        said, come_to = _said(control, cell, record), _counted(control, record, rows)
    except FieldProblem as problem:
        yield str(problem)
        return
    if said != come_to:
        yield _differ(control, cell, record, said, come_to)


def _differ(control: ControlSpec, cell: Cell, record: RecordSpec, said: Value, come_to: Value) -> str:
    """Say that it does not add up; what is personal is not repeated."""
    what = "its rows" if control.sum is None else title(control.sum, record.fields[control.sum])
    if control.sum is not None and record.fields[control.sum].personal:
        return f"{what} does not come to the total in {cell.source}"
    return f"{what} come to {come_to}, and {cell.source} says {said}"


def _said(control: ControlSpec, cell: Cell, record: RecordSpec) -> Value:
    kind = "integer" if control.sum is None else record.fields[control.sum].type
    options = FieldOptions() if control.sum is None else options_of(record.fields[control.sum])
    if cell.unsure:
        raise FieldProblem(f"the total in {cell.source} can't be read for sure")
    if not cell.text.strip():
        raise FieldProblem(f"the total in {cell.source} is blank")
    try:
        return read_value(field_type(kind), cell.text, options)
    except FieldProblem as problem:
        raise FieldProblem(f"the total in {cell.source} {problem}") from None


def _counted(control: ControlSpec, record: RecordSpec, rows: Sequence[Row]) -> Value:
    if control.sum is None:
        return len(rows)
    values = [_number(control.sum, record, row) for row in rows]
    return sum(values, Decimal(0)) if any(isinstance(value, Decimal) for value in values) else int(sum(values))


def _number(name: str, record: RecordSpec, row: Row) -> Decimal | int:
    """Return what a row adds; a blank adds nothing, and what can't be read can't be added up at all."""
    cell, spec = row.cells.get(name), record.fields[name]
    if name in row.missing or (cell is not None and cell.unsure):
        place = row.errors.get(name, cell.source if cell else row.place)
        raise FieldProblem(
            f"{title(name, spec)} ({place}): the total can't be checked because a value in it can't be read"
        )
    if cell is None or not cell.text.strip():
        return 0
    try:
        value = read_value(field_type(spec.type), cell.text, options_of(spec))
    except FieldProblem as problem:
        raise FieldProblem(
            f"{title(name, spec)} ({cell.source}) {problem}, so the total can't be checked"
        ) from None
    return value if isinstance(value, Decimal | int) else 0


def disagreements(spec: RecordSpec, fields: Mapping[str, FieldValue]) -> Iterator[str]:
    """Yield for a clerk which facts are not the same in all their places, and where these are."""
    for names in spec.agree:
        told = [fields[name] for name in names]
        if len({folded(value.text).casefold() for value in told}) > 1:
            places = " and ".join(f"{title(name, spec.fields[name])} ({fields[name].source})" for name in names)
            yield f"{places} do not say the same; look at each and correct what is wrong"
