"""What proves that a table holds no more than it shows: a wrong "nothing" enters a record twice."""

from dataclasses import dataclass

from rpa.browser.sight import Sight
from rpa.definitions.system import Table


@dataclass(frozen=True)
class Listing:
    """What one look at a table found: in which document, how many rows, how many more that a person can't see.

    *count* is None where there is no such table. *quiet* says that no script was waiting for an answer then.
    """

    document: str
    count: int | None
    hidden: int
    quiet: bool


@dataclass(frozen=True)
class Doubt:
    """Why nothing can be said about what the table does not show; *reason* is empty where there is no evidence."""

    reason: str = ""


def doubt(
    table: Table, listed: Listing | None, seen: Sight | None, before: frozenset[str] | None, *, quiet: bool
) -> Doubt | None:
    """Return what speaks against the table holding nothing but the rows last *listed*; None where that is proved.

    Evidence is the map's text for an empty table, come since the last press (*before* is what the document said
    then, None for one that came since); or the table itself, in a document that came since and is the one whose
    rows were read. A table whose empty text is declared proves nothing while it has no row: it may be on its way.
    *quiet* says that no script is waiting for an answer.
    """
    if listed is None or seen is None or not seen.ready or seen.leaving or listed.document != seen.document:
        return Doubt()
    if listed.hidden:
        return Doubt(f"rows of it are hidden ({listed.hidden}): have the steps unfold them")
    if seen.texts.intersection(table.more):
        return Doubt("there are further rows on another page: make the search narrower")
    if not (listed.quiet and quiet):
        return Doubt("its page is still asking the system for something")
    said = seen.texts.intersection(table.empty)
    if said:
        return Doubt() if before is not None and said & before else None
    return None if before is None and listed.count is not None and (listed.count or not table.empty) else Doubt()
