"""The log as a table for people: one line an entry. No text of it is ever a formula."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import chain

from rpa.audit.provenance import Entry

HEADINGS = (
    "No.",
    "Time (UTC)",
    "Event",
    "By",
    "Role",
    "On behalf of",
    "Host",
    "Bot",
    "Run",
    "Reference",
    "Entry",
    "System",
    "From",
    "To",
    "Reason",
    "More",
)

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell of a CSV begins that a spreadsheet may take for a formula (OWASP, CSV injection)."""


def lines(entries: Iterable[Entry]) -> Iterator[list[str]]:
    """Yield the texts of each entry under `HEADINGS`."""
    for one in entries:
        actor, behalf = one["actor"], one.get("on_behalf_of", {})
        yield [
            str(one["seq"]),
            one["at"],
            one["event"],
            actor["name"],
            actor.get("role", actor["kind"]),
            behalf.get("name", ""),
            one["host"],
            *(str(one.get(key, "")) for key in ("bot", "run", "reference", "entry", "system", "from", "to")),
            one.get("reason", ""),
            json.dumps(one["data"], ensure_ascii=False) if "data" in one else "",
        ]


def to_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the table as lines of CSV (RFC 4180); what might be a formula gets an apostrophe before it."""
    for line in chain([list(HEADINGS)], lines(entries)):
        buffer = io.StringIO(newline="")
        csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow([harmless(text) for text in line])
        yield buffer.getvalue()


def harmless(text: str) -> str:
    """Return the text as a spreadsheet shows it, whatever it begins with."""
    return f"'{text}" if text.startswith(FORMULA) else text
