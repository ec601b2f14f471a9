"""Nothing is entered where the papers contradict one another, or a workbook itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from rpa.cli.main import run

SYSTEM = """
system: books
url: http://127.0.0.1:9
pages:
  New:
    path: /new
    fields: {Number: Number, Amount: Amount, Owner: Owner}
    buttons: {Save: Save}
"""

BOT = """
bot: payments
about: Enter each payment.
owner: desk@county.example
documents:
  batch:
    files: inbox/*.xlsx
    reader: excel
    sheet: Batch
    totals:
      - {sum: amount, cell: Cover!B2}
      - {count: rows, label: Payments}
  owners: {files: owners.xlsx, reader: excel, match: {Number: $number}}
record:
  name: Payment
  each: batch
  reference: number
  fields:
    number: {from: batch, label: Number}
    amount: {from: batch, label: Amount, type: money}
    owner:  {from: batch, label: Owner}
    known:  {from: owners, label: Owner, personal: true}
  agree:
    - [owner, known]
enter:
  - system: books
    create:
      - open: New
      - fill: {Number: $number, Amount: $amount, Owner: $owner}
    submit:
      - press: Save
    confirm:
      - expect: {Number: $number}
"""


def written(path: Path, **sheets: list[list[object]]) -> None:
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(path)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path)]) == 0
    (tmp_path / "bots/systems/books.yaml").write_text(SYSTEM, "utf-8")
    (tmp_path / "bots/payments.yaml").write_text(BOT, "utf-8")
    written(tmp_path / "owners.xlsx", Owners=[["Number", "Owner"], ["P-1", "ANA  LEE"], ["P-2", "Jo March"]])
    return tmp_path


def batch(
    project: Path,
    *,
    total: object = "1,300.00",
    count: object = 2,
    owner: str = "Ana Lee",
    second: object = 100,
) -> None:
    rows: list[list[object]] = [
        ["Number", "Amount", "Owner"],
        ["P-1", "1,200.00", owner],
        ["P-2", second, "Jo March"],
    ]
    written(project / "inbox/b.xlsx", Cover=[["Payments", count], ["Total", total]], Batch=rows)


def told(project: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    run(["read", "payments", "--json", "--project", str(project)])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_adds_up_and_agrees_is_read(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch(project)

    assert [read["problem"] for read in told(project, capsys)] == [None, None]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"total": "1,400.00"}, "Amount come to 1300.00, and Cover!B2 says 1400.00"),
        ({"count": 3}, "its rows come to 2, and Cover!B1 says 3"),
        ({"total": None}, "the total in Cover!B2 is blank"),
        ({"total": "see letter"}, "the total in Cover!B2 is no amount"),
        ({"total": "#N/A"}, "its total was not found (holds the error #N/A"),
    ],
)
def test_a_workbook_that_does_not_add_up_is_refused_whole(
    project: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, object], words: str
) -> None:
    batch(project, **changed)  # type: ignore[arg-type]

    (read,) = told(project, capsys)

    assert read["problem"].startswith("does-not-add-up: ")
    assert words in read["problem"]


@pytest.mark.parametrize("error", ["#N/A", "=1+1"])
def test_a_total_does_not_pass_because_a_value_that_can_not_be_read_counts_as_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], error: str
) -> None:
    batch(project, total="1,200.00", second=error)

    (read,) = told(project, capsys)

    assert read["problem"].startswith("does-not-add-up: ")
    assert "(Batch!B3): the total can't be checked because a value in it can't be read" in read["problem"]


@pytest.mark.parametrize(("cell", "problem"), [("B2", "Batch!B2 says 1200.00"), ("Cover!B2", "")])
def test_a_total_is_not_taken_from_the_first_sheet_where_the_document_names_another(
    project: Path, capsys: pytest.CaptureFixture[str], cell: str, problem: str
) -> None:
    """B2 of the first sheet holds the right total, and B2 of the sheet that is read the first amount."""
    bot = project / "bots/payments.yaml"
    bot.write_text(BOT.replace("cell: Cover!B2", f"cell: {cell}"), "utf-8")
    batch(project)

    first, *_ = told(project, capsys)

    assert problem in (first["problem"] or "")
    assert bool(problem) is bool(first["problem"])


def test_one_fact_in_two_places_goes_to_a_person_where_it_differs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch(project, owner="Ana Lea")

    first, second = told(project, capsys)

    assert first["problem"] == (
        "Owner (Batch!C2) and Owner (Owners!B2) do not say the same; look at each and correct what is wrong"
    )
    assert second["problem"] is None


def test_what_can_not_be_checked_is_told_before_it_is_needed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = BOT.replace("sum: amount,", "sum: owner,").replace("[owner, known]", "[owner, amount]")
    (project / "bots/payments.yaml").write_text(wrong, "utf-8")

    assert run(["check", "--project", str(project)]) != 0

    said = "".join(capsys.readouterr())
    assert "`owner` is no number" in said
    assert "fields that agree have one type, and these have money, text" in said
