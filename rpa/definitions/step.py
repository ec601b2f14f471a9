"""A step: one verb and what it acts on. Each class's docstring is what docs and editors say of the verb."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, RootModel, Tag, model_validator

from rpa.definitions.base import Definition, MaybeEmpty
from rpa.definitions.yaml import Location

REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)(?:\.([A-Za-z_][A-Za-z0-9_]*))?")
"""`$name` or `$name.part`, always a whole value."""

Values = Annotated[dict[str, MaybeEmpty], Field(min_length=1)]
"""Name on the page map -> a `$reference` or the text itself."""


class _Verb(Definition):
    verb: ClassVar[str]

    @property
    def target(self) -> Any:
        """What the verb acts on, as the definition says it."""
        return getattr(self, self.verb)

    def texts(self) -> Iterator[tuple[Location, str]]:
        """Yield every text that may be a `$reference`, with the way to it inside the target."""
        yield from ()


class _Valued(_Verb):
    def texts(self) -> Iterator[tuple[Location, str]]:
        """Yield every text that may be a `$reference`, with the way to it inside the target."""
        yield from _texts(self.target, ())


def _texts(target: Any, way: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(target, str):
        yield way, target
    elif isinstance(target, Mapping):
        for name, value in target.items():
            yield from _texts(value, (*way, name))
    elif isinstance(target, list):
        for i, value in enumerate(target):
            yield from _texts(value, (*way, i))


class Open(_Verb):
    """Go to a page of the system and wait until it is there."""

    verb = "open"
    open: str


class Fill(_Valued):
    """Enter values into fields of the page, of whatever kind, and read every one back."""

    verb = "fill"
    fill: Values


class Choose(_Valued):
    """Choose an option by its text: a drop-down, a radio group, a list of several."""

    verb = "choose"
    choose: Values


class Tick(_Valued):
    """Set a check box to yes or no."""

    verb = "tick"
    tick: Values


class Press(_Verb):
    """Press a button or link once: on the row that `find` found, else on the page."""

    verb = "press"
    press: str


class Attach(_Valued):
    """Give a document to a file field."""

    verb = "attach"
    attach: Values


class See(_Verb):
    """Wait until a text is shown, or until a page of the map is there."""

    verb = "see"
    see: str


class Find(_Valued):
    """Look for the one row of a table whose columns say this."""

    verb = "find"
    find: Annotated[dict[str, Values], Field(min_length=1, max_length=1)]


class Expect(_Valued):
    """Read fields back and require that they show these values."""

    verb = "expect"
    expect: Values


class Keep(_Verb):
    """Read fields and keep what they show, under a name, as part of the receipt."""

    verb = "keep"
    keep: Values


class Action(_Valued):
    """Do a Python action: `module.name: target`, found in `bots/actions.py` or an installed package."""

    verb = "action"
    name: str
    action: Any

    @model_validator(mode="before")
    @classmethod
    def _named_by_its_key(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) == 1:
            ((name, target),) = data.items()
            return {"name": name, "action": target}
        return data


VERBS: Mapping[str, type[_Verb]] = {
    verb.verb: verb for verb in (Open, Fill, Choose, Tick, Press, Attach, See, Find, Expect, Keep)
}
"""The verbs of the language, in the order in which the docs explain them."""


def _kind(data: Any) -> str | None:
    if isinstance(data, _Verb):
        return data.verb
    if not isinstance(data, dict) or len(data) != 1:
        return None
    (key,) = data
    return key if key in VERBS else "action" if "." in str(key) else None


_AnyVerb = Annotated[
    Annotated[Open, Tag("open")]
    | Annotated[Fill, Tag("fill")]
    | Annotated[Choose, Tag("choose")]
    | Annotated[Tick, Tag("tick")]
    | Annotated[Press, Tag("press")]
    | Annotated[Attach, Tag("attach")]
    | Annotated[See, Tag("see")]
    | Annotated[Find, Tag("find")]
    | Annotated[Expect, Tag("expect")]
    | Annotated[Keep, Tag("keep")]
    | Annotated[Action, Tag("action")],
    Discriminator(_kind),
]


class Step(RootModel[_AnyVerb]):
    """One verb and what it acts on."""

    @property
    def verb(self) -> str:
        """The word that the definition uses."""
        return self.root.name if isinstance(self.root, Action) else self.root.verb

    @property
    def target(self) -> Any:
        """What the verb acts on."""
        return self.root.target

    def references(self) -> Iterator[tuple[str, str | None]]:
        """Yield (name, part) of each `$name` or `$name.part` in the step."""
        for _, text in self.root.texts():
            if match := REFERENCE.fullmatch(text):
                yield match[1], match[2]
