"""The log for a SIEM: each entry an API Activity of the Open Cybersecurity Schema Framework, one JSON a line.

Every event is mapped to the one class 6003, whose activities are create, read, update and delete. `api.operation`
is the event's own name, and the whole entry stands under `unmapped`.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rpa.audit.entry import Event
from rpa.audit.provenance import Entry

VERSION = "1.6.0"
"""Of the schema."""

CATEGORY, CLASS = 6, 6003
CREATE, READ, UPDATE, DELETE, OTHER = 1, 2, 3, 4, 99
NAMES = {CREATE: "Create", READ: "Read", UPDATE: "Update", DELETE: "Delete", OTHER: "Other"}
INFORMATIONAL, MEDIUM, HIGH = 1, 3, 4
USER, SYSTEM = 1, 3
SUCCESS, FAILURE = 1, 2

ACTIVITIES = {
    CREATE: ("run.started", "document.received", "work_item.added", "work_item.rejected", "work_item.revision"),
    READ: (
        "document.read",
        "document.duplicate",
        "work_item.known",
        "secret.used",
        "data.viewed",
        "data.exported",
    ),
    DELETE: ("work_item.erased", "document.erased"),
    OTHER: (
        "checkpoint.idle",
        "checkpoint.unsigned",
        "checkpoint.unpublished",
        "egress.denied",
        "mail.answered",
        "mail.unanswered",
    ),
}
"""All others change something."""

GRAVE = frozenset({Event.LEDGER_RESTORED, Event.TRANSACTION_DUPLICATE, Event.CHECKPOINT_UNPUBLISHED})
NOTABLE = frozenset(
    {
        Event.EGRESS_DENIED,
        Event.CHECKPOINT_UNSIGNED,
        Event.DEADLINE_AT_RISK,
        Event.SYSTEM_PAUSED,
        Event.BOT_CHANGED,
    }
)
FAILED = frozenset({"rejected", "failed", "in_doubt"})


def to_ocsf(entries: Iterable[Entry], log: str) -> Iterator[str]:
    """Yield a line for each entry of the log of that name."""
    for entry in entries:
        yield json.dumps(_event(entry, log), ensure_ascii=False) + "\n"


def _event(entry: Entry, log: str) -> dict[str, Any]:
    activity = next((one for one, events in ACTIVITIES.items() if entry["event"] in events), UPDATE)
    told: dict[str, Any] = {
        "category_uid": CATEGORY,
        "class_uid": CLASS,
        "activity_id": activity,
        "activity_name": NAMES[activity],
        "type_uid": CLASS * 100 + activity,
        "severity_id": _severity(entry),
        "status_id": FAILURE if entry.get("to") in FAILED else SUCCESS,
        "time": int(datetime.fromisoformat(entry["at"]).timestamp() * 1000),
        "message": entry.get("reason", entry["event"]),
        "metadata": {
            "version": VERSION,
            "product": {"name": "Keyonce", "vendor_name": "Keyonce"},
            "uid": f"{log}/{entry['seq']}",
            "sequence": entry["seq"],
            "log_name": log,
            "original_time": entry["at"],
            "event_code": entry["event"],
        },
        "api": {"operation": entry["event"]},
        "actor": {"user": _user(entry["actor"])},
        "src_endpoint": {"hostname": entry["host"]},
        "resources": [{"uid": entry["reference"], "type": "record"}] if "reference" in entry else [],
        "unmapped": {"entry": dict(entry)},
    }
    return told


def _severity(entry: Entry) -> int:
    if entry["event"] in GRAVE or entry.get("to") == "in_doubt":
        return HIGH
    return MEDIUM if entry["event"] in NOTABLE or entry.get("to") in FAILED else INFORMATIONAL


def _user(actor: Entry) -> dict[str, Any]:
    return {"uid": actor["id"], "name": actor["name"], "type_id": USER if actor["kind"] == "person" else SYSTEM}
