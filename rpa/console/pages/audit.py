"""*Audit*: what was done to a record, and whether the log is whole."""

from itertools import islice

from starlette.responses import Response

from rpa.console.history import history
from rpa.console.visit import Visit

MOST = 500
"""Entries that are shown of one record."""


def show(visit: Visit) -> Response:
    """Show the entries about a reference."""
    return _page(visit, verdict=None)


def verify(visit: Visit) -> Response:
    """Recompute the whole log and say what was found."""
    return _page(visit, verdict=visit.store.log.verify())


def _page(visit: Visit, *, verdict: object) -> Response:
    reference = visit.asked("reference")
    entries = islice(visit.store.log.read(reference), MOST) if reference else ()
    return visit.page(
        "audit.html", reference=reference, entries=list(history(entries, visit.language)), verdict=verdict
    )
