"""The ways to a value, tried in their order."""

from collections.abc import Callable

from rpa.documents.base import Cell, Place


class NotFoundError(Exception):
    """A place leads nowhere; the message tells a clerk what was looked for and what to do."""


def by_first_way(place: Place, find: Callable[[Place], Cell]) -> Cell:
    """Return what the first way that leads anywhere finds: a blank answer was found, and ends the search.

    Raises `NotFoundError` with every reason where no way leads anywhere.
    """
    reasons = []
    for way in (place, *place.others):
        try:
            return find(way)
        except NotFoundError as reason:
            reasons.append(str(reason))
    raise NotFoundError("; ".join(reasons))
