"""The log in other forms: each tells the whole of it, no cell is a formula, no value comes out."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import r4pm
from openpyxl import load_workbook
from prov.model import ProvDocument, ProvEntity
from r4pm import bindings

from rpa.audit.entry import Event
from rpa.audit.formats.ocel import TYPES, to_ocel
from rpa.audit.formats.ocsf import to_ocsf
from rpa.audit.formats.prov import to_prov
from rpa.audit.formats.table import HEADINGS, to_csv
from rpa.audit.provenance import ways
from rpa.results.trail import write_trail
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Receipt, Status
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, SSN, new_item, reserved

ENTERED = {"New claim": {"SSN": "ssn", "Method": "(fixed)"}}
SOURCE = {"document": "d" * 64, "place": "page 1", "how": "form", "raw": "r", "rule": "us-ssn", "commitment": "c"}
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """Give the log of a record that was entered, and of one that came again and was taken in its place."""
    folder = tmp_path_factory.mktemp("formats") / "state"
    with Store.open(folder, actor=ROBOT) as store, Owner.hold(folder) as owner:
        run = store.start_run(BOT, DIGEST, "person:u-1")
        store.add(run, new_item("CL-1", sources={"ssn": SOURCE}))
        for formula in FORMULAS:
            store.log.append(Event.SECRET_USED, run=run, reason=formula)
        one = reserved(store, owner).transaction
        one = store.move(one, Status.IN_PROGRESS, owner)
        one = store.move(one, Status.SUBMITTING, owner, told={"entered": ENTERED})
        receipt = Receipt(kept={"receipt": "B-1"}, verdicts={"SSN": "same"})
        compared = {"compared": {"Claim": {"SSN": "ssn"}}}
        store.move(one, Status.CONFIRMED, owner, receipt=receipt, told=compared)
        store.add(run, new_item("CL-2", sources={"ssn": SOURCE}, rejected="too much"))
        other = {**SOURCE, "place": "page 2", "commitment": "k"}
        store.add(run, new_item("CL-2", fingerprint="e" * 64, sources={"ssn": other}))
        store.take_revision("revision-3", looks_for={}, reason="it is the right one")
        store.finish_run(run, {})
        yield list(store.log.read())


def of(log: list[dict[str, Any]], reference: str) -> list[dict[str, Any]]:
    return [entry for entry in log if entry.get("reference") == reference]


def test_a_value_is_followed_from_the_page_to_the_screen_and_back(log: list[dict[str, Any]]) -> None:
    way = ways(of(log, "CL-1"))["ssn"]

    assert (way.source["place"], way.source["rule"]) == ("page 1", "us-ssn")
    assert [(use.page, use.screen_field, use.verdict) for use in way.entered] == [("New claim", "SSN", None)]
    assert [(use.page, use.screen_field, use.verdict) for use in way.compared] == [("Claim", "SSN", "same")]


def test_a_value_that_a_person_put_in_the_place_of_another_says_so(log: list[dict[str, Any]]) -> None:
    way = ways(of(log, "CL-2"))["ssn"]

    assert way.source["place"] == "page 2"
    assert way.corrected is not None
    assert way.corrected["reason"] == "it is the right one"


def test_no_cell_of_a_table_begins_as_a_formula(log: list[dict[str, Any]], tmp_path: Path) -> None:
    rows = list(csv.reader("".join(to_csv(log)).splitlines(keepends=True)))

    assert rows[0] == list(HEADINGS)
    assert len([row for row in rows if row and row[0].isdigit()]) == len(log)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]

    write_trail(tmp_path / "trail.xlsx", log)
    (sheet,) = load_workbook(tmp_path / "trail.xlsx").worksheets
    assert sheet.max_row == len(log) + 1
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_every_entry_is_an_event_of_a_siem(log: list[dict[str, Any]]) -> None:
    told = [json.loads(line) for line in to_ocsf(log, "desk/keyonce/1")]

    assert [one["unmapped"]["entry"] for one in told] == log
    for one in told:
        assert one["type_uid"] == one["class_uid"] * 100 + one["activity_id"]
        assert one["class_uid"] // 1000 == one["category_uid"]
        assert {"actor", "api", "src_endpoint", "metadata", "severity_id", "time"} <= one.keys()
    assert told[0]["metadata"]["uid"] == "desk/keyonce/1/1"


def test_every_relation_of_process_mining_leads_to_an_object(log: list[dict[str, Any]]) -> None:
    told = json.loads(to_ocel(log))

    objects = {one["id"]: one for one in told["objects"]}
    types = {one["name"]: {part["name"] for part in one["attributes"]} for one in told["eventTypes"]}
    assert {one["type"] for one in told["objects"]} == set(TYPES)
    assert len(told["events"]) == len(log)
    for event in told["events"]:
        assert {part["name"] for part in event["attributes"]} <= types[event["type"]]
    for one in (*told["events"], *told["objects"]):
        assert {link["objectId"] for link in one["relationships"]} <= objects.keys()
    assert objects["transaction-1"]["relationships"] == [{"objectId": "record-1", "qualifier": "enters"}]


def test_provenance_leads_from_the_screen_to_the_document(log: list[dict[str, Any]]) -> None:
    told = json.loads(to_prov(of(log, "CL-1")))

    derived = {one["prov:generatedEntity"]: one["prov:usedEntity"] for one in told["wasDerivedFrom"].values()}
    screen = next(name for name in told["entity"] if name.endswith("New_claim/SSN"))
    steps = [screen]
    while steps[-1] in derived:
        steps.append(derived[steps[-1]])
    assert [step.split("-")[0] for step in steps] == [f"keyonce:{word}" for word in WAY]
    assert steps[-1] == f"keyonce:document-{'d' * 64}"


WAY = ("screen", "value", "text", "document")


def test_what_provenance_names_is_told(log: list[dict[str, Any]]) -> None:
    told = json.loads(to_prov(log))

    known = {name for kind in ("entity", "activity", "agent") for name in told[kind]}
    relations = [
        one for kind in told.keys() - {"prefix", "entity", "activity", "agent"} for one in told[kind].values()
    ]
    assert {name for one in relations for name in one.values()} <= known
    assert all(name.startswith("keyonce:") for name in known)


def test_no_form_holds_a_value(log: list[dict[str, Any]]) -> None:
    for words in ("".join(to_csv(log)), "".join(to_ocsf(log, "a")), to_ocel(log), to_prov(log)):
        assert SSN not in words
        assert "B-1" not in words


def test_a_foreign_process_miner_reads_every_event_and_object_and_how_they_follow(
    log: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "log.json"
    path.write_text(to_ocel(log), "utf-8")
    told = json.loads(path.read_text("utf-8"))

    read = bindings.slim_link_ocel(ocel=r4pm.import_item("OCEL", str(path)))
    found = bindings.ocel_type_stats(ocel=read)
    followed = bindings.discover_dfg_from_ocel(read)["object_type_to_dfg"]
    assert found["event_type_counts"] == Counter(one["type"] for one in told["events"])
    assert found["object_type_counts"] == Counter(one["type"] for one in told["objects"])
    assert followed["run"]["start_activities"] == ["run.started"]
    steps = {tuple(pair): times for pair, times in followed["transaction"]["directly_follows_relations"]}
    assert steps == {("transaction.moved", "transaction.moved"): 2}
    for event in told["events"]:
        linked = set(bindings.get_e2o_ids(read, event["id"]) or ())
        assert linked == {one["objectId"] for one in event["relationships"]}


def test_a_foreign_library_reads_the_whole_provenance(log: list[dict[str, Any]]) -> None:
    told = json.loads(to_prov(of(log, "CL-1")))
    read = ProvDocument.deserialize(content=to_prov(of(log, "CL-1")), format="json")

    found = Counter(record.get_type().localpart.casefold() for record in read.get_records())
    assert found == {SAID.get(kind, kind): len(parts) for kind, parts in told.items() if kind != "prefix"}
    assert {str(one.identifier) for one in read.get_records(ProvEntity)} == told["entity"].keys()
    assert ProvDocument.deserialize(content=read.serialize(format="json"), format="json") == read


SAID = {
    "used": "usage",
    "wasGeneratedBy": "generation",
    "wasDerivedFrom": "derivation",
    "wasAssociatedWith": "association",
    "alternateOf": "alternate",
}
"""How PROV's data model calls what its JSON calls so."""
