"""A form as it is proposed from an empty one, for its author to look through."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rpa.documents.base import Row

NAME = 4
"""Words of a label that a field is called by."""

TYPES: Mapping[str, Mapping[str, str | bool]] = {
    r"\bdate\b|mm/dd": {"type": "date", "format": "MM/DD/YYYY"},
    r"\be-?mail\b": {"type": "email"},
    r"\b(tele)?phone\b": {"type": "phone"},
    r"social security n": {"type": "us-ssn", "personal": True},
    r"employer identification n": {"type": "us-ein"},
    r"\bamount\b|\(\$\)": {"type": "money"},
}
"""What a label says, as a regular expression -> what is then proposed."""


def proposed(name: str, title: str, blank: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the form *name*, to be written as YAML, from what was read of the empty form *blank*."""
    known, *values = rows
    return {
        "form": name,
        "about": title,
        "reader": "pdf-form",
        "editions": {"first": {"recognise": {"text": lines_of(known, "text")}, "blank": blank}},
        "fields": dict(_named(values)),
    }


def _named(rows: Sequence[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields, no two with one name."""
    for name, row in named_apart(((_name(row), row) for row in rows), {}):
        yield name, _field(row)


def named_apart(rows: Iterable[tuple[str, Row]], used: dict[str, int]) -> Iterator[tuple[str, Row]]:
    """Yield each row with its name, and a number where one before it is called so; *used* counts the names."""
    for name, row in rows:
        used[name] = used.get(name, 0) + 1
        yield (name if used[name] == 1 else f"{name}_{used[name]}"), row


def _name(row: Row) -> str:
    """Return what the field is called: by its label, by what can be chosen, or as the form's own field is."""
    return called([re.sub(r"\t.*", "", row.cells[name].text) for name in ("label", "choices", "fields")])


def called(said: Sequence[str]) -> str:
    """Return a name made of the first of some texts that says anything."""
    words = next(filter(None, said), "")
    kept = re.findall(r"[a-z0-9]+", words.casefold())
    while len(kept) > 1 and re.fullmatch(r"\d+[a-z]?", kept[0]):
        kept.pop(0)
    name = "_".join(kept[:NAME])
    return name if re.match(r"[a-z]", name) else f"field_{name}"


def _field(row: Row) -> dict[str, Any]:
    choices = dict(line.split("\t", 1) for line in lines_of(row, "choices"))
    if choices:
        return {
            "type": "choice",
            "choose": {said: {"field": name} for said, name in choices.items()},
            "required": False,
        }
    names, label = lines_of(row, "fields"), row.cells["label"].text
    place = {"field": names[0] if len(names) == 1 else names} | ({"label": label} if label else {})
    return {**place, **type_of(row.cells["kind"].text, label), "required": False}


def type_of(kind: str, label: str) -> Mapping[str, str | bool]:
    """Return what type a value probably is, by the form's own field and by its label."""
    if kind in {"tick", "radio"}:
        return {"type": "yes-no"}
    return next((told for said, told in TYPES.items() if re.search(said, label, re.IGNORECASE)), {})


def lines_of(row: Row, name: str) -> list[str]:
    """Return the lines of a cell that say anything."""
    return [line for line in row.cells[name].text.splitlines() if line.strip()]
