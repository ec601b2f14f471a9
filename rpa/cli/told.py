"""A draft as data: for each field its value or the doubt about it, and where it stood."""

from typing import Any

from rpa.definitions.bot import RecordSpec
from rpa.documents.base import Source
from rpa.doubt import Doubt, State
from rpa.intake.drafts import Draft
from rpa.records import FieldValue

NOT_LOOKED_FOR = "was not looked for, because of the problem of the record"


def told_draft(draft: Draft, spec: RecordSpec) -> dict[str, Any]:
    """Return all that is known of a draft, with every field of its record, as JSON-ready data."""
    return {
        "document": draft.document.path.name,
        "sha256": draft.document.sha256,
        "place": draft.place,
        "reference": draft.reference,
        "problem": draft.problem,
        "notices": list(draft.notices),
        "fields": {name: _field(draft, name) for name in spec.fields},
    }


def _field(draft: Draft, name: str) -> dict[str, Any]:
    value = draft.record.fields.get(name)
    if value is not None:
        return _value(value)
    return _doubt(draft.doubts.get(name, Doubt(state=State.MISSING, reason=NOT_LOOKED_FOR)))


def _value(value: FieldValue) -> dict[str, Any]:
    return {
        "value": value.text,
        "raw": value.raw,
        "state": State.BLANK if value.value is None else State.READ,
        "reason": None,
        **_where(value.source),
        "agreed": list(value.agreed),
        "warnings": list(value.warnings),
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    """Return a doubt: it has no value, and what was seen stands under `raw` alone."""
    return {
        "value": None,
        "raw": doubt.raw,
        "state": doubt.state,
        "reason": doubt.reason,
        **_where(doubt.source),
        "agreed": [],
        "warnings": list(doubt.warnings),
    }


def _where(source: Source | None) -> dict[str, Any]:
    """Return the place in words and in parts: page and box, sheet and cell, or the form's field."""
    keys = ("how", "page", "box", "sheet", "cell", "field")
    return {"place": str(source) if source else None, **{key: getattr(source, key, None) for key in keys}}
