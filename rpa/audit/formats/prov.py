"""One record's provenance as W3C PROV-JSON (w3.org/submissions/prov-json): entities, activities and agents.

A document, the text that stood at a place of it, the value made of that and the screen's field are entities, each
derived from the one before. Values are commitments, as in the log.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from rpa.audit.provenance import Entry, Use, Way, ways

PREFIX = "urn:keyonce:"
Document = dict[str, dict[str, Any]]


def to_prov(entries: Iterable[Entry]) -> str:
    """Return the provenance of a reference, from the audit entries about it."""
    told: Document = defaultdict(dict)
    known = list(entries)
    told["prefix"] = {"keyonce": PREFIX}
    for entry in known:
        _activity(told, entry)
    for item in dict.fromkeys(entry.get("work_item") for entry in known):
        for way in ways(entry for entry in known if entry.get("work_item") == item).values():
            _value(told, way)
    return json.dumps(told, ensure_ascii=False, indent=1)


def _activity(told: Document, entry: Entry) -> None:
    """Tell an audit entry as an activity, and who is responsible for it."""
    name = f"keyonce:entry-{entry['seq']}"
    told["activity"][name] = {
        "prov:startTime": entry["at"],
        "prov:endTime": entry["at"],
        "prov:type": entry["event"],
        **{f"keyonce:{key}": str(entry[key]) for key in ("bot", "digest", "run", "from", "to") if key in entry},
    }
    agent = _agent(told, entry["actor"])
    _relation(told, "wasAssociatedWith", {"prov:activity": name, "prov:agent": agent})
    if "on_behalf_of" in entry:
        for_whom = {"prov:delegate": agent, "prov:responsible": _agent(told, entry["on_behalf_of"])}
        _relation(told, "actedOnBehalfOf", {**for_whom, "prov:activity": name})


def _agent(told: Document, actor: Mapping[str, str]) -> str:
    name = f"keyonce:{actor['kind']}-{actor['id']}"
    kind = "prov:Person" if actor["kind"] == "person" else "prov:SoftwareAgent"
    role = {"keyonce:role": actor["role"]} if "role" in actor else {}
    told["agent"][name] = {"prov:type": kind, "prov:label": actor["name"], **role}
    return name


def _value(told: Document, way: Way) -> None:
    value = f"keyonce:value-{way.name}-{way.seq}"
    told["entity"][value] = {"prov:label": way.name, **_said(way, "rule", "commitment")}
    _relation(told, "wasGeneratedBy", {"prov:entity": value, "prov:activity": f"keyonce:entry-{way.seq}"})
    if way.source:
        _source(told, way, value)
    if way.corrected is not None:
        by = {"prov:entity": value, "prov:agent": _agent(told, way.corrected["actor"])}
        _relation(told, "wasAttributedTo", by)
    for use in way.entered:
        _entered(told, use, value)
    for use in way.compared:
        _compared(told, use, value)


def _source(told: Document, way: Way, value: str) -> None:
    text = f"keyonce:text-{way.name}-{way.seq}"
    document = f"keyonce:document-{way.source['document']}"
    told["entity"][document] = {"prov:type": "document", "keyonce:sha256": way.source["document"]}
    told["entity"][text] = {"prov:type": "text", **_said(way, "place", "how", "raw")}
    _relation(told, "wasDerivedFrom", {"prov:generatedEntity": text, "prov:usedEntity": document})
    _relation(told, "wasDerivedFrom", {"prov:generatedEntity": value, "prov:usedEntity": text})


def _said(way: Way, *keys: str) -> dict[str, str]:
    return {f"keyonce:{key}": way.source[key] for key in keys if key in way.source}


def _entered(told: Document, use: Use, value: str) -> None:
    shown = _shown(told, use)
    _relation(told, "wasDerivedFrom", {"prov:generatedEntity": shown, "prov:usedEntity": value})
    _relation(told, "wasGeneratedBy", {"prov:entity": shown, "prov:activity": f"keyonce:entry-{use.seq}"})


def _compared(told: Document, use: Use, value: str) -> None:
    shown = _shown(told, use)
    told["entity"][shown]["keyonce:verdict"] = use.verdict or "unknown"
    _relation(told, "used", {"prov:activity": f"keyonce:entry-{use.seq}", "prov:entity": shown})
    _relation(told, "alternateOf", {"prov:alternate1": shown, "prov:alternate2": value})


def _shown(told: Document, use: Use) -> str:
    """Return the entity of a screen's field in one transaction."""
    place = f"{use.page}/{use.screen_field}".replace(" ", "_")
    name = f"keyonce:screen-{use.transaction}-{place}"
    said = {"keyonce:system": use.system, "keyonce:page": use.page, "keyonce:field": use.screen_field}
    told["entity"].setdefault(name, {"prov:type": "screen field", **said})
    return name


def _relation(told: Document, kind: str, said: dict[str, str]) -> None:
    told[kind][f"_:{kind}{len(told[kind]) + 1}"] = said
