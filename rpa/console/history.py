"""The audit log's entries about something, in words that staff understand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rpa.console.language import Language


@dataclass(frozen=True)
class Told:
    """One entry in words: its number, when, what, by whom and why."""

    seq: int
    at: datetime
    words: str
    who: str
    reason: str


def history(entries: Iterable[Mapping[str, Any]], spoken: Language) -> Iterator[Told]:
    """Yield the entries in words."""
    for entry in entries:
        yield Told(
            seq=entry["seq"],
            at=datetime.fromisoformat(entry["at"]),
            words=_words(entry, spoken.words),
            who=entry["actor"]["name"],
            reason=entry.get("reason", ""),
        )


def _words(entry: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    said = words["event"].get(entry["event"], entry["event"])
    where = f"{entry['entry']}: " if entry.get("entry") else f"{entry['system']}: " if entry.get("system") else ""
    status = words["status"]
    moved = f" ({status[entry['from']]} → {status[entry['to']]})" if entry.get("to") and entry.get("from") else ""
    return f"{where}{said}{moved}"
