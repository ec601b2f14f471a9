"""The result workbook: one line per record, with what became of it in each system."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from rpa.definitions.bot import Bot, Entry
from rpa.project import Project
from rpa.records import Attached, FieldValue, Record, title
from rpa.store.store import Store
from rpa.work import Transaction, WorkItem

ERASED, PERSONAL = "(erased)", "(personal)"

WIDTH = 18
"""Width of a column, in characters."""


def write_results(project: Project, bot_name: str) -> Path:
    """Write the workbook beside the ledger and return its path.

    Every value is stored as text, so that `00123` stays and `=cmd` is never a formula.
    """
    bot = project.bot(bot_name)
    path = project.settings.state_folder / "results" / f"{bot_name}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Results")
    part = path.with_suffix(".part")
    with _temporary_files_in(path.parent):
        with project.store() as store:
            _write(sheet, bot, store, masked=project.settings.privacy.results == "masked")
        workbook.save(part)
    part.replace(path)
    return path


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Let openpyxl put down what it writes beside the workbook: killed, it would leave values in /tmp."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _write(sheet: WriteOnlyWorksheet, bot: Bot, store: Store, *, masked: bool) -> None:
    heading = list(_heading(bot))
    sheet.freeze_panes = "A2"
    for column in range(1, len(heading) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    sheet.append([text_cell(sheet, word, bold=True) for word in heading])
    for item in store.work_items(bot.bot):
        line = _line(bot, item, store.transactions(item.id), masked=masked)
        sheet.append([text_cell(sheet, word) for word in line])


def _heading(bot: Bot) -> Iterator[str]:
    yield from ("Document", "Reference")
    yield from (title(name, spec) for name, spec in bot.record.fields.items())
    yield from outcome_headings(bot)


def outcome_headings(bot: Bot) -> Iterator[str]:
    """Yield the headings under which `outcomes` stand."""
    for entry in bot.enter:
        yield from (f"{entry.name}: status", f"{entry.name}: receipt", f"{entry.name}: reason")


def _line(bot: Bot, item: WorkItem, transactions: Sequence[Transaction], *, masked: bool) -> Iterator[str]:
    record = Record.from_json(item.record)
    yield ERASED if item.erased is not None else _named(record.documents[bot.record.each], masked=masked)
    yield item.reference
    yield from (_shown(record.fields.get(name), masked=masked) for name in bot.record.fields)
    yield from outcomes(bot, transactions)


def _named(document: Attached, *, masked: bool) -> str:
    """Return what a document is called; its name may be a person's."""
    return document.sha256[:12] if masked else document.name


def _shown(field: FieldValue | None, *, masked: bool) -> str:
    if field is None:
        return ""
    return PERSONAL if masked and field.personal and field.raw else field.raw


def outcomes(bot: Bot, transactions: Sequence[Transaction]) -> Iterator[str]:
    """Yield for each system what became of a work item: status, receipt, reason."""
    by_entry = {transaction.entry: transaction for transaction in transactions}
    for entry in bot.enter:
        yield from _outcome(entry, by_entry)


def _outcome(entry: Entry, by_entry: dict[str, Transaction]) -> tuple[str, str, str]:
    transaction = by_entry.get(entry.name)
    if transaction is None:
        return "", "", ""
    kept = "; ".join(transaction.receipt.kept.values())
    return transaction.status.replace("_", " "), kept, transaction.reason or ""


def text_cell(sheet: WriteOnlyWorksheet, word: str, *, bold: bool = False) -> WriteOnlyCell:
    """Return a cell that holds a text, whatever the text looks like."""
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", word)
    cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula unless told
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
