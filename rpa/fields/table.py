"""Which part knows which type; loaded when first used."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from rpa.errors import DefinitionError
from rpa.fields.base import FieldType

GROUP = "rpa.fields"
"""Entry-point group in which a package offers a type of its own."""

TYPES = {
    "text": "rpa.fields.text:Text",
    "name": "rpa.fields.name:Name",
    "integer": "rpa.fields.number:Integer",
    "decimal": "rpa.fields.number:Number",
    "money": "rpa.fields.number:Money",
    "date": "rpa.fields.date:Date",
    "yes-no": "rpa.fields.yes_no:YesNo",
    "choice": "rpa.fields.choice:Choice",
    "us-ssn": "rpa.fields.us_numbers:SocialSecurityNumber",
    "us-ein": "rpa.fields.us_numbers:EmployerNumber",
    "us-zip": "rpa.fields.us_numbers:Zip",
    "us-state": "rpa.fields.us_state:State",
    "phone": "rpa.fields.phone:Phone",
    "email": "rpa.fields.email:Email",
}
"""The types of the language, in the order in which the docs explain them."""


def names() -> list[str]:
    """Return every type that a definition may name."""
    return [*TYPES, *(found.name for found in entry_points(group=GROUP))]


@cache
def field_type(name: str) -> FieldType:
    """Return the type *name*; raise `DefinitionError` where there is none."""
    if name in TYPES:
        module, _, part = TYPES[name].partition(":")
        return getattr(import_module(module), part)()  # type: ignore[no-any-return]
    for found in entry_points(group=GROUP, name=name):
        return found.load()()  # type: ignore[no-any-return]
    raise DefinitionError(f"no field type is called {name}; known: {', '.join(names())}")
