"""Opens a workbook as what its bytes say that it is; each kind of file is loaded only where it is met."""

from contextlib import AbstractContextManager
from pathlib import Path

from rpa.documents.preflight import kind_of_workbook
from rpa.documents.sheets.book import Book


def open_book(path: Path) -> AbstractContextManager[Book]:
    """Open a workbook for reading as what its bytes say that it is; raise `DocumentProblem` where it is none."""
    kind = kind_of_workbook(path)
    if kind == "xlsx":
        from rpa.documents.sheets import xlsx

        return xlsx.opened(path)
    if kind == "xls":
        from rpa.documents.sheets import xls

        return xls.opened(path)
    if kind in {"ods", "xlsb"}:
        from rpa.documents.sheets import foreign

        return foreign.opened(path, kind)
    from rpa.documents.sheets import texts

    return texts.opened(path, kind)
