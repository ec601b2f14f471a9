"""The lists that a run leaves to people: what became of all records of its bot, and of each row that it read."""

from pathlib import Path

from rpa.project import Project
from rpa.results.copies import Copy, write_copies
from rpa.results.workbook import write_results


def write_lists(project: Project, bot_name: str) -> tuple[Path, list[Copy]]:
    """Write the result workbook and the copies of the bot's own workbooks; return where they are."""
    return write_results(project, bot_name), write_copies(project, bot_name)
