"""What the typed definitions know about a place in a file: the key that stands there and what it is for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rpa.definitions.step import VERBS, Action, Step
from rpa.definitions.told import told
from rpa.definitions.yaml import Location


@dataclass(frozen=True)
class Spot:
    """A place in a file: the *way* to it, the *model* around it, and the *key* of that model which covers it."""

    way: Location
    model: type[BaseModel] | None
    key: FieldInfo | None

    @property
    def about(self) -> str:
        """What the key is for, in words that can follow a colon."""
        if self.key is None or self.model is None:
            return ""
        name = next(name for name, one in self.model.model_fields.items() if one is self.key)
        return about(told(self.model).get(name) or self.model.__doc__ or "")


def about(text: str) -> str:
    """Return the first clause of *text* in small letters, as words that can follow a colon."""
    first = re.split(r"[.;:]?\s*\n\n|[.;](?=\s|$)", text.strip())[0]
    return first if first[1:2].isupper() else first[:1].lower() + first[1:]


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the keys that the file may use in this part, by the words of the file."""
    return {one.alias or name: one for name, one in model.model_fields.items()}


def spot(top: type[BaseModel], location: Sequence[str | int]) -> Spot:
    """Return the spot at pydantic's *location*, in which the kind of a step stands before the step's own key."""
    kind: Any = top
    way: list[str | int] = []
    model: type[BaseModel] | None = None
    key: FieldInfo | None = None
    for part in (one for one in location if one != "[key]"):
        if kind is Step:
            kind = VERBS.get(str(part), Action)
            continue
        way.append(part)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            model, key = kind, keys(kind).get(str(part))
            kind = _inner(key.annotation) if key else None
        else:
            kind = _inner(next(_items(kind), None))
    return Spot(tuple(way), model, key)


def _inner(annotation: Any) -> Any:
    """Return the type without `| None` and without what is annotated to it."""
    if get_origin(annotation) is Annotated:
        return _inner(get_args(annotation)[0])
    choices = [one for one in get_args(annotation) if one is not type(None)]
    return _inner(choices[0]) if type(None) in get_args(annotation) else annotation


def _items(annotation: Any) -> Iterator[Any]:
    """Yield the type of what a list or a map holds."""
    yield from [one for one in get_args(annotation) if one is not Ellipsis][-1:]
