"""The boxes of a form: a field of the page map is one of them, or several where the screen splits a value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from playwright.sync_api import Frame

from rpa.browser.origin import refuse_elsewhere
from rpa.definitions.system import Part, ScreenField
from rpa.errors import DefinitionError
from rpa.fields.base import ScreenValue

Values = Mapping[str, tuple[ScreenField, ScreenValue]]
"""Name on the page map -> where it goes and what has to stand there."""


@dataclass(frozen=True)
class Box:
    """One box on the screen and the texts meant for it.

    *name* is the field's on the page map, *by_keys* says that only real keys will do. Where *shelf* is true each
    text becomes a tag of its own, on the shelf that `chosen` names. *home* is the origin of the system.
    """

    name: str
    target: ScreenField | Part
    texts: tuple[str, ...] = field(default=(), repr=False)
    secret: bool = False
    by_keys: bool = False
    shelf: bool = False
    personal: bool = False
    home: str | None = None

    def job(self, frame: Frame) -> dict[str, object]:
        """Return what the scripts in *frame* need.

        This is the only way for a text into a page, so it is here that what is secret or personal stays at *home*:
        a page may be replaced by one of another origin at any time while a form is filled.
        """
        if self.home and (self.secret or self.personal):
            refuse_elsewhere(frame, self.name, self.home, secret=self.secret)
        whole = self.target if isinstance(self.target, ScreenField) else None
        return {
            **place(self.target),
            "texts": self.texts,
            "secret": self.secret,
            "keys": whole is not None and whole.keys,
            "add": whole and whole.add,
            "chosen": whole and whole.chosen,
        }


def place(target: ScreenField | Part) -> dict[str, object]:
    """Return how the scripts find a target."""
    return {"label": target.label, "css": target.css, "nth": target.nth}


def boxes_of(values: Values, home: str | None = None) -> list[Box]:
    """Return the boxes of all fields, in order.

    Raises `DefinitionError` where a value was not split into as many texts as its field has parts.
    """
    boxes = (box for name, (target, value) in values.items() for box in _boxes(name, target, value))
    personal = {name for name, (_, value) in values.items() if value.personal}
    return [replace(box, home=home, personal=box.name in personal) for box in boxes]


def boxes_to_read(fields: Mapping[str, ScreenField]) -> list[Box]:
    """Return the boxes of all fields, in order, with nothing meant for them."""
    return [Box(name, part) for name, target in fields.items() for part in _parts(target)]


def _parts(target: ScreenField) -> Sequence[ScreenField | Part]:
    return target.parts or [target]


def _boxes(name: str, target: ScreenField, value: ScreenValue) -> Iterator[Box]:
    if not target.parts:
        shelf = target.chosen is not None and target.add is None
        yield Box(name, target, tuple(value.texts), value.secret, by_keys=target.keys or shelf, shelf=shelf)
        return
    if len(target.parts) != len(value.texts):
        raise DefinitionError(f"{name}: it has {len(target.parts)} parts, but its value has {len(value.texts)}")
    for part, text in zip(target.parts, value.texts, strict=True):
        yield Box(name, part, (text,), value.secret, by_keys=target.keys)
