"""The audit log as a workbook for people. Every cell is a text, so that nothing in it is ever a formula."""

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook

from rpa.audit.formats.table import HEADINGS, lines
from rpa.audit.provenance import Entry
from rpa.errors import BusinessException
from rpa.results.workbook import text_cell

MOST = 1_048_575
"""Lines that a sheet can have below its headings."""


def write_trail(path: Path, entries: Iterable[Entry]) -> None:
    """Write the workbook; raise `BusinessException` where the log has more entries than a sheet has lines."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Audit trail")
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, word, bold=True) for word in HEADINGS])
    for number, line in enumerate(lines(entries), 1):
        if number > MOST:
            raise BusinessException("the log is too long for one sheet: export it as csv")
        sheet.append([text_cell(sheet, word) for word in line])
    workbook.save(path)
