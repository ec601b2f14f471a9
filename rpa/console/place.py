"""Where a value stood, as a clerk says it."""

from collections.abc import Mapping
from typing import Any

from rpa.documents.base import Source
from rpa.intake.correction import BY_HAND


def place_words(source: Source | None, words: Mapping[str, Any]) -> str:
    """Return a page, or a sheet and its cell, in *words*; the value's box is drawn on the page."""
    if source is None:
        return ""
    place = words["place"]["page"].format(page=source.page) if source.page is not None else str(source)
    if source.how != BY_HAND:
        return str(place)
    return ", ".join([*([] if place == BY_HAND else [place]), words["place"]["corrected"]])
