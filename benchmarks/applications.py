"""The applications of 25 fields that are entered: made up, as a workbook, and as what the pages should post."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

POSTED = {"Telephone": "telephone", "Normal": "normal", "Urgent": "urgent"}
"""What a page posts for a choice whose value is not what a person reads."""


@dataclass(frozen=True)
class Application:
    """One record: the values of either page by label, in the order in which they stand there."""

    first: Mapping[str, str]
    second: Mapping[str, str]

    def posts(self) -> list[list[str]]:
        """Return what the two pages should post, in order."""
        return [[POSTED.get(value, value) for value in page.values()] for page in (self.first, self.second)]


def applications(count: int) -> list[Application]:
    """Return so many records of people that do not exist."""
    return [Application(_first(number), _second(number)) for number in range(1, count + 1)]


def write_workbook(path: Path, rows: Sequence[Application]) -> None:
    """Write one row a record, below the labels."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Applications")
    for cells in _cells(rows):
        sheet.append(cells)
    workbook.save(path)


def _cells(rows: Sequence[Application]) -> Iterator[list[str]]:
    yield [*rows[0].first, *rows[0].second]
    for row in rows:
        yield [*row.first.values(), *row.second.values()]


def _first(number: int) -> Mapping[str, str]:
    return {
        "Case number": f"C-{2000 + number}",
        "First name": "Ana",
        "Last name": f"Ortiz-{number}",
        "Date of birth": f"1961-04-{number:02}",
        "Marital status": "Widowed",
        "Street": f"{number} Canal Street",
        "City": "Springfield",
        "State": "Illinois",
        "ZIP code": f"{62700 + number}",
        "Phone": f"312-555-01{number:02}",
        "E-mail": f"ana{number}@ortiz.example",
        "Contact by": "Telephone",
        "Interpreter needed": "yes",
    }


def _second(number: int) -> Mapping[str, str]:
    return {
        "Employer": "Brightwater Supply",
        "Occupation": "Buyer",
        "Pay period": "Biweekly",
        "Gross income": f"{1200 + number}.50",
        "Hired on": "2019-03-04",
        "Household size": f"{number}",
        "Benefit": "Food assistance",
        "Urgency": "Urgent" if number % 2 else "Normal",
        "Consent on file": "yes",
        "Received on": "2026-01-15",
        "Case worker": "M. Lindqvist",
        "Remarks": f"Came to the counter on day {number}.",
    }
