"""What definitions say of places, as readers are asked for it."""

from collections.abc import Collection
from pathlib import Path

from rpa.definitions.check_value import given
from rpa.definitions.form import EditionSpec, Form, TableSpec
from rpa.definitions.value import PlaceSpec, WaysSpec
from rpa.documents.base import Edition, Place, TablePlace


def place_of(spec: WaysSpec) -> Place:
    """Return where a value stands, with everything that is to be tried."""
    choose = {value: _one(place) for value, place in spec.choose.items()}
    return _one(spec, choose, tuple(map(_one, spec.or_)))


def _one(spec: PlaceSpec, choose: dict[str, Place] | None = None, others: tuple[Place, ...] = ()) -> Place:
    return Place(
        fields=spec.field,
        header=spec.header,
        cell=spec.cell,
        name=spec.name,
        label=spec.label,
        where=spec.where,
        until=spec.until,
        under=spec.under,
        nth=spec.nth,
        between=spec.between,
        line=spec.line,
        choose=choose or {},
        others=others,
    )


def editions_of(form: Form, folder: Path, names: Collection[str], table: str | None = None) -> dict[str, Edition]:
    """Return the editions of *form*, with the places of the fields *names*; *folder* holds the empty forms.

    Names of the form's *table* are places on its lines.
    """
    chosen = form.tables.get(table) if table is not None else None
    return {f"{form.form} {name}": _edition(form, name, folder, names, chosen) for name in form.editions}


def _edition(form: Form, name: str, folder: Path, names: Collection[str], table: TableSpec | None) -> Edition:
    edition = form.editions[name]
    places = {one: place_of(spec) for one in names if _stands(spec := form.ways(name, one))}
    columns = table.fields if table is not None else {}
    return Edition(
        places={one: place for one, place in places.items() if one not in columns},
        texts=edition.recognise.text,
        no_texts=edition.recognise.not_,
        fields=edition.recognise.field,
        sheets=edition.recognise.sheet,
        blank=_blank(edition, folder),
        table=None
        if table is None
        else _table(table, {one: places.get(one, Place()) for one in columns if one in names}),
    )


def _table(table: TableSpec, places: dict[str, Place]) -> TablePlace:
    if table.row_if is not None and table.row_if not in places:
        places[table.row_if] = place_of(table.fields[table.row_if])
    return TablePlace(
        places=places,
        sheet=table.sheet,
        between=table.between,
        under=table.under,
        row_if=table.row_if,
        until=table.until,
    )


def _stands(spec: WaysSpec) -> bool:
    """Tell whether the edition has the field at all."""
    return bool(given(spec) or spec.or_)


def _blank(edition: EditionSpec, folder: Path) -> str | None:
    return None if edition.blank is None else str(folder / edition.blank)
