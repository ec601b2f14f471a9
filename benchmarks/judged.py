"""Whether a field was read as it was filled in: values are compared as typed."""

from dataclasses import dataclass

from rpa.definitions.form import Form
from rpa.documents.base import Row
from rpa.fields.base import FieldProblem, Value, read_value
from rpa.fields.table import field_type
from rpa.records import options_of

EXACT, FLAGGED, WRONG = "exact", "flagged", "wrong_unflagged"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One field of one document: what came of it, and why where it was not read exactly."""

    field: str
    outcome: str
    reason: str = ""


def judged(form: Form, name: str, row: Row, truth: str) -> Judged:
    """Return what came of the field *name* of *row*, which was filled in as *truth*."""
    if name not in row.cells:
        return Judged(field=name, outcome=FLAGGED, reason=row.missing.get(name, "the form has no such field"))
    text, unsure = row.cells[name].text, row.cells[name].unsure
    if unsure is not None:
        return Judged(field=name, outcome=FLAGGED, reason=f"{unsure} ({text!r} for {truth!r})")
    try:
        right = _typed(form, name, text) == _typed(form, name, truth)
    except FieldProblem as problem:
        return Judged(field=name, outcome=FLAGGED, reason=str(problem))
    return Judged(
        field=name,
        outcome=EXACT if right else WRONG,
        reason="" if right else f"read {text!r} for {truth!r} by {row.cells[name].source.how}",
    )


def _typed(form: Form, name: str, text: str) -> Value | None:
    spec = form.value(name)
    if spec is None:
        raise KeyError(name)
    return read_value(field_type(spec.type), text, options_of(spec)) if text.strip() else None
