"""A value on its way to a screen."""

from collections.abc import Mapping, Sequence

from rpa.fields.base import FieldType, ScreenValue, Value, folded


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
    A value that was left blank (None) clears the field.
    """
    if value is None:
        return ScreenValue(("",) * max(1, len(parts)), _is_blank, personal=personal)
    texts = _texts(kind, value, screen_format, options, parts)

    def agrees(shown: str) -> bool:
        said = folded(" ".join(texts)) == folded(shown)
        return said or (not options and kind.agrees(value, shown, screen_format))

    return ScreenValue(texts, agrees, personal=personal)


def _texts(
    kind: FieldType,
    value: Value,
    screen_format: str | None,
    options: Mapping[str, str],
    parts: Sequence[str | None],
) -> tuple[str, ...]:
    if parts:
        return tuple(kind.show(value, part) for part in parts)
    if isinstance(value, tuple):
        return tuple(options.get(one, one) for one in value)
    text = kind.encode(value)
    return (options[text] if text in options else kind.show(value, screen_format),)


def _is_blank(shown: str) -> bool:
    # A box that is not ticked is the blank of a yes-no field.
    return folded(shown) in {"", "no"}
