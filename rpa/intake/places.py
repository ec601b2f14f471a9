"""What definitions say of places, as readers are asked for it."""

from collections.abc import Collection
from pathlib import Path

from rpa.definitions.form import EditionSpec, Form
from rpa.definitions.value import PlaceSpec, WaysSpec
from rpa.documents.base import Edition, Place


def place_of(spec: WaysSpec) -> Place:
    """Return where a value stands, with everything that is to be tried."""
    choose = {value: _one(place) for value, place in spec.choose.items()}
    return _one(spec, choose, tuple(map(_one, spec.or_)))


def _one(spec: PlaceSpec, choose: dict[str, Place] | None = None, others: tuple[Place, ...] = ()) -> Place:
    return Place(
        fields=spec.field,
        cell=spec.cell,
        label=spec.label,
        where=spec.where,
        until=spec.until,
        choose=choose or {},
        others=others,
    )


def editions_of(form: Form, folder: Path, names: Collection[str]) -> dict[str, Edition]:
    """Return the editions of *form*, with the places of the fields *names*; *folder* holds the empty forms."""
    return {f"{form.form} {name}": _edition(form, name, folder, names) for name in form.editions}


def _edition(form: Form, name: str, folder: Path, names: Collection[str]) -> Edition:
    edition = form.editions[name]
    ways = {one: form.ways(name, one) for one in names}
    return Edition(
        places={one: place_of(spec) for one, spec in ways.items() if _stands(spec)},
        texts=edition.recognise.text,
        no_texts=edition.recognise.not_,
        fields=edition.recognise.field,
        sheets=edition.recognise.sheet,
        blank=_blank(edition, folder),
    )


def _stands(spec: WaysSpec) -> bool:
    """Tell whether the edition has the field at all."""
    return bool(spec.field or spec.cell or spec.label or spec.choose or spec.or_)


def _blank(edition: EditionSpec, folder: Path) -> str | None:
    return None if edition.blank is None else str(folder / edition.blank)
