"""The main job, end to end, as the README's first command does it: real systems, real browsers, real files."""

import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from fixtures.systems.common import ROOT
from tests.commands import typed

TRUTH = json.loads((ROOT / "fixtures" / "forms" / "claims" / "truth.json").read_text("utf-8"))


def rpa(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from rpa.cli.main import main; main()", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=150, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first(folder: Path) -> dict[str, Any]:
    done = rpa("demo", "--json", "--folder", str(folder), folder=ROOT)
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return data


def entries(folder: Path, system: str) -> list[dict[str, str]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(folder / "systems" / f"{system}.db")) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM entries ORDER BY id")]


def expected(*outcomes: str) -> dict[str, dict[str, Any]]:
    return {one["fields"]["claim_no"]: one for one in TRUTH.values() if one["expected"] in outcomes}


def test_the_numbers_are_those_of_the_demonstration(first: dict[str, Any]) -> None:
    assert first["documents"] == 25
    assert first["work_items"] == 24
    assert first["transactions"] == {
        "confirmed": 43,
        "already_entered": 1,
        "rejected": 4,
        "failed": 0,
        "in_doubt": 0,
    }
    assert (first["rows_in_systems"], first["duplicates"], first["audit"]) == (44, 0, "verified")


def test_every_value_in_both_systems_is_that_of_the_paper(first: dict[str, Any], folder: Path) -> None:
    assert first
    wanted = expected("entered", "already in benefits")
    benefits = {entry["claim_no"]: entry for entry in entries(folder, "benefits")}
    payments = {entry["claim_number"]: entry for entry in entries(folder, "payments")}

    assert benefits.keys() == payments.keys() == wanted.keys()
    for claim, truth in wanted.items():
        fields, member = truth["fields"], truth["member"]
        shared = ("claim_no", "lost_on", "loss_type", "plan", "amount", "urgent")
        assert {key: benefits[claim][key] for key in shared} == {key: fields[key] for key in shared}
        assert benefits[claim]["member_no"] == fields["member_id"]
        assert benefits[claim]["name"] == payments[claim]["payee_name"] == member["full_name"]
        assert benefits[claim]["what_happened"].split() == fields["what_happened"].split()
        assert payments[claim]["ssn"] == fields["ssn"]
        assert payments[claim]["zip"] == member["zip_code"]
        assert payments[claim]["county"] == member["county"]
        assert payments[claim]["amount"] == fields["amount"]
        assert payments[claim]["signed_on"] == fields["signed_on"]
        assert payments[claim]["benefits_reference"] == benefits[claim]["reference"]


def test_no_claim_stands_twice_in_any_system(first: dict[str, Any], folder: Path) -> None:
    assert first
    for system, key in (("benefits", "claim_no"), ("payments", "claim_number")):
        counts = Counter(entry[key] for entry in entries(folder, system))
        assert set(counts.values()) == {1}, counts


def test_the_result_workbook_says_what_became_of_each_claim_and_holds_no_formula(
    first: dict[str, Any], folder: Path
) -> None:
    assert first
    sheet = load_workbook(folder / ".rpa" / "results" / "claims-intake.xlsx")["Results"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    by_claim = {row[head.index("Claim No.")]: dict(zip(head, row, strict=True)) for row in rows}

    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert by_claim["CL-100009"]["What happened"].startswith("=SUM(A1)")
    assert by_claim["CL-100001"]["Member ID"] == "0012345"
    assert by_claim["CL-100001"]["benefits: status"] == "confirmed"
    assert by_claim["CL-100001"]["payments: receipt"].startswith("P-")
    assert by_claim["CL-100004"]["benefits: status"] == "already entered"
    assert "limit of 5,000.00" in by_claim["CL-100007"]["benefits: reason"]
    assert "no row in roster.xlsx for this Member ID" in by_claim["CL-100013"]["payments: reason"]


def test_running_it_again_enters_nothing_twice_and_says_so(first: dict[str, Any], folder: Path) -> None:
    before = {system: len(entries(folder, system)) for system in ("benefits", "payments")}

    again = rpa("demo", "--folder", str(folder), folder=ROOT)

    assert again.returncode == 0, again.stderr
    assert "Nothing was entered" in again.stdout
    assert "25 known from an earlier run" in again.stdout
    assert "Audit trail verified" in again.stdout
    (hint,) = re.findall(r"`rpa (queue --project \S+)` lists what and why", again.stdout)
    assert "Above the clerk's limit" in rpa(*shlex.split(hint), folder=ROOT).stdout
    assert {system: len(entries(folder, system)) for system in before} == before
    assert first["rows_in_systems"] == sum(before.values())


def test_one_claims_story_can_be_told(first: dict[str, Any], folder: Path) -> None:
    assert first
    told = typed("show", "CL-100001", folder=folder)

    assert told.returncode == 0, told.stderr
    for words in (
        "claim_01.pdf",
        "page 1",
        "Members!",
        "benefits: confirmed",
        "receipt: P-",
        "read back and the same",
    ):
        assert words in told.stdout
    assert "899-11-4301" not in told.stdout, "a personal value stands in the story"


def test_no_personal_value_stands_in_the_audit_trail(first: dict[str, Any], folder: Path) -> None:
    assert first
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(folder / ".rpa" / "ledger.db")) as connection:
        bodies = b"".join(body for (body,) in connection.execute("SELECT body FROM audit_entries"))
    for one in TRUTH.values():
        ssn = one["fields"]["ssn"]
        assert ssn.encode() not in bodies
        assert ssn.replace("-", "").encode() not in bodies


def test_the_queue_tells_that_a_person_is_needed(first: dict[str, Any], folder: Path) -> None:
    assert first
    listed = typed("queue", "--status", "rejected", "--json", folder=folder)

    assert listed.returncode == 3
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert {row["reference"] for row in rows} == {"CL-100007", "CL-100013"}


def test_the_audit_trail_verifies_and_a_changed_row_is_noticed(first: dict[str, Any], folder: Path) -> None:
    assert first
    good = typed("audit", "verify", "--json", folder=folder)

    assert good.returncode == 0
    assert json.loads(good.stdout)["audit"] == "verified"
