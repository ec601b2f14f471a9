"""A bot whose documents are forms, with what the forms say of its fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from rpa.definitions.bot import Bot, DocumentSpec, FieldSpec
from rpa.definitions.form import Form
from rpa.definitions.meant import hint, listed
from rpa.definitions.value import ValueSpec, WaysSpec
from rpa.definitions.yaml import Source
from rpa.errors import Problem

_PLACES = tuple(WaysSpec.model_fields)
_MEANING = tuple(key for key in ValueSpec.model_fields if key not in _PLACES)


def form_problems(bot: Bot, source: Source, forms: Mapping[str, Form | None]) -> Iterator[Problem]:
    """Yield where *bot* and the *forms* that it names do not fit; None stands for one that holds a mistake."""
    for name, spec in bot.documents.items():
        if spec.form is not None:
            yield from _of_document(name, spec, source, forms)
        elif not spec.reader and spec.attached_to is None:
            words = f"`{name}` needs a `reader`, such as `pdf-form` or `excel`, or a `form` of `bots/forms/`"
            yield source.problem(("documents", name), words, at_key=True)
    for name, field in bot.record.fields.items():
        form = _form_of(bot, field, forms)
        if form is not None and field.file_name is None:
            yield from _of_field(name, field, source, form, bot.documents[field.from_].table)


def formed(bot: Bot, forms: Mapping[str, Form | None]) -> Bot:
    """Return *bot* with what its forms say: the reader of each document, and the type and so on of each field."""
    documents = {name: _document(spec, forms) for name, spec in bot.documents.items()}
    fields = {name: _field(name, spec, _form_of(bot, spec, forms)) for name, spec in bot.record.fields.items()}
    record = bot.record.model_copy(update={"fields": fields})
    return bot.model_copy(update={"documents": documents, "record": record})


def _of_document(
    name: str, spec: DocumentSpec, source: Source, forms: Mapping[str, Form | None]
) -> Iterator[Problem]:
    way = ("documents", name)
    if spec.form not in forms:
        yield source.problem((*way, "form"), f"no form is called `{spec.form}`{hint(str(spec.form), forms)}")
    form = forms.get(spec.form or "")
    if form is not None and spec.table is not None and spec.table not in form.tables:
        message = f"the form `{spec.form}` has no table `{spec.table}`{hint(spec.table, form.tables)}"
        yield source.problem((*way, "table"), message)
    for key in ("reader", "blank"):
        if getattr(spec, key):
            message = f"the form `{spec.form}` says the `{key}`: leave it out"
            yield source.problem((*way, key), message, at_key=True)
    if spec.match:
        words = "a document with a `form` can't be looked up: give its `reader` and the fields' places instead"
        yield source.problem((*way, "match"), words, at_key=True)


def _of_table(form: Form, name: str) -> str:
    """Return what to say where only a table of the form that was not chosen has the field."""
    tables = [table for table, spec in form.tables.items() if name in spec.fields]
    return f": it is in the table {listed(tables)}, so let the document say `table`" if tables else ""


def _of_field(name: str, field: FieldSpec, source: Source, form: Form, table: str | None) -> Iterator[Problem]:
    way = ("record", "fields", name)
    known = [*form.fields, *(form.tables[table].fields if table in form.tables else ())]
    if name not in known:
        message = f"the form `{form.form}` has no field `{name}`{_of_table(form, name) or hint(name, known)}"
        yield source.problem(way, message, at_key=True)
    said = [key for key in _PLACES if key in field.model_fields_set]
    if said:
        keys = listed([WaysSpec.model_fields[key].alias or key for key in said])
        words = f"the form `{form.form}` says where `{name}` stands: leave out {keys}"
        yield source.problem(way, words, at_key=True)


def _form_of(bot: Bot, field: FieldSpec, forms: Mapping[str, Form | None]) -> Form | None:
    document = bot.documents.get(field.from_)
    return forms.get(document.form) if document is not None and document.form is not None else None


def _document(spec: DocumentSpec, forms: Mapping[str, Form | None]) -> DocumentSpec:
    form = forms.get(spec.form) if spec.form is not None else None
    return spec if form is None else spec.model_copy(update={"reader": form.reader})


def _field(name: str, spec: FieldSpec, form: Form | None) -> FieldSpec:
    told = form.value(name) if form is not None else None
    if form is None or told is None:
        return spec
    said: dict[str, Any] = {key: getattr(told, key) for key in _MEANING if key not in spec.model_fields_set}
    choose = {key: place for edition in form.editions for key, place in form.ways(edition, name).choose.items()}
    placeholders = (*said.get("placeholders", spec.placeholders), *form.placeholders)
    return spec.model_copy(update={**said, "label": told.title, "choose": choose, "placeholders": placeholders})
