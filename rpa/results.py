"""The result workbook: one line per record, with what became of it in each system."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from rpa.definitions.bot import Bot, Entry
from rpa.project import Project
from rpa.records import Record, title
from rpa.store.store import Store
from rpa.work import Transaction, WorkItem

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
    with project.store() as store:
        _write(sheet, bot, store)
    part = path.with_suffix(".part")
    workbook.save(part)
    part.replace(path)
    return path


def _write(sheet: WriteOnlyWorksheet, bot: Bot, store: Store) -> None:
    heading = list(_heading(bot))
    sheet.freeze_panes = "A2"
    for column in range(1, len(heading) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    sheet.append([_text(sheet, word, bold=True) for word in heading])
    for item in store.work_items(bot.bot):
        sheet.append([_text(sheet, word) for word in _line(bot, item, store.transactions(item.id))])


def _heading(bot: Bot) -> Iterator[str]:
    yield from ("Document", "Reference")
    yield from (title(name, spec) for name, spec in bot.record.fields.items())
    for entry in bot.enter:
        yield from (f"{entry.name}: status", f"{entry.name}: receipt", f"{entry.name}: reason")


def _line(bot: Bot, item: WorkItem, transactions: Sequence[Transaction]) -> Iterator[str]:
    record = Record.from_json(item.record)
    yield record.documents[bot.record.each].name
    yield item.reference
    yield from (record.fields[name].raw if name in record.fields else "" for name in bot.record.fields)
    by_entry = {transaction.entry: transaction for transaction in transactions}
    for entry in bot.enter:
        yield from _outcome(entry, by_entry)


def _outcome(entry: Entry, by_entry: dict[str, Transaction]) -> tuple[str, str, str]:
    transaction = by_entry.get(entry.name)
    if transaction is None:
        return "", "", ""
    kept = "; ".join(transaction.receipt.kept.values())
    return transaction.status.replace("_", " "), kept, transaction.reason or ""


def _text(sheet: WriteOnlyWorksheet, word: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", word)
    cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula unless told
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
