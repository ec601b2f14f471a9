"""A value on its way to a screen."""

from collections.abc import Mapping, Sequence

from rpa.errors import DefinitionError
from rpa.fields.base import BETWEEN, FieldType, ScreenValue, Value, folded


def plain(text: str, *, secret: bool = False) -> ScreenValue:
    """Return a text that is entered as it stands."""
    return ScreenValue((text,), lambda shown: folded(shown) == folded(text), secret=secret)


def to_screen(
    kind: FieldType,
    value: Value | None,
    *,
    screen_format: str | None,
    options: Mapping[str, str],
    parts: Sequence[str | None],
    personal: bool,
) -> ScreenValue:
    """Return *value* as a field of the screen takes it.

    *options* say what the screen calls a value, *parts* hold a format for each box of a field that is split.
    A value that was left blank (None) clears the field. Raises `DefinitionError` where the parts do not make up
    the value, and `BusinessException` or `DefinitionError` where the format has no place for it.
    """
    if value is None:
        return ScreenValue(("",) * max(1, len(parts)), lambda shown: _is_blank(kind, shown), personal=personal)
    written = " ".join(map(str, parts)) if parts else screen_format
    texts = _split(kind, value, parts) if parts else _texts(kind, value, screen_format, options)

    def agrees(shown: str) -> bool:
        said = folded(" ".join(texts)) == folded(shown)
        return said or (not options and kind.agrees(value, shown, written))

    return ScreenValue(texts, agrees, personal=personal)


def _split(kind: FieldType, value: Value, parts: Sequence[str | None]) -> tuple[str, ...]:
    """Write the whole value into all boxes at once: each takes up where the one before it ended."""
    texts = tuple(kind.show(value, BETWEEN.join(part or "" for part in parts)).split(BETWEEN))
    told = " ".join(map(str, parts))
    if len(texts) != len(parts) or not kind.agrees(value, " ".join(texts), told):
        raise DefinitionError(f"{kind.name} can't be split into the parts {told}: they do not make up the value")
    return texts


def _texts(
    kind: FieldType, value: Value, screen_format: str | None, options: Mapping[str, str]
) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(options.get(one, one) for one in value)
    text = value if isinstance(value, str) else kind.encode(value)
    return (options[text] if text in options else kind.show(value, screen_format),)


def _is_blank(kind: FieldType, shown: str) -> bool:
    # A box that is not ticked is the blank of a yes-no field.
    return folded(shown) in ({"", "no"} if kind.name == "yes-no" else {""})
