"""The ways to a value, tried in their order."""

from collections.abc import Callable

from rpa.documents.base import Cell, Place, Source


class NotFoundError(Exception):
    """A place leads nowhere; the message tells a clerk what was looked for and what to do.

    *source* is where a place did lead that holds an error instead of a value.
    """

    def __init__(self, message: str, source: Source | None = None) -> None:
        super().__init__(message)
        self.source = source


def by_first_way(place: Place, find: Callable[[Place], Cell]) -> Cell:
    """Return what the first way that leads anywhere finds: a blank answer was found, and ends the search.

    So was an error in the place of a value: what stands at a further way may be somebody else's. Raises
    `NotFoundError` for it, and with every reason where no way leads anywhere.
    """
    reasons: list[NotFoundError] = []
    for way in (place, *place.others):
        try:
            return find(way)
        except NotFoundError as reason:
            if reason.source is not None:
                raise
            reasons.append(reason)
    raise NotFoundError("; ".join(map(str, reasons)))
