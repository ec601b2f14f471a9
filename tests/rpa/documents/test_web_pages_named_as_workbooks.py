"""A web page under a workbook's name gives what is seen of it, whole, or is refused."""

from pathlib import Path

import pytest

from rpa.documents.base import Place
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import Read

HEAD = "<table><tr><th>No.</th><th>Sum</th></tr><tr><td>007</td>"


def sums(read: Read, path: Path, page: str | bytes) -> list[str]:
    path = path / "export.xls"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    rows = read("excel", path, {"no": Place(label="No."), "sum": Place(label="Sum")})
    return [row.cells["sum"].text for row in rows]


@pytest.mark.parametrize("rest", ["", "<td>1", "<td>12.50</td>", "<td>12.50</td></tr></tab", "<td>1<!--"])
def test_a_page_cut_off_in_its_last_row_is_damaged_and_no_blank(read: Read, tmp_path: Path, rest: str) -> None:
    with pytest.raises(DocumentProblem, match="cut off within a table") as refused:
        sums(read, tmp_path, HEAD + rest)

    assert refused.value.kind == "damaged"


@pytest.mark.parametrize(
    "cell",
    [
        "12<span style='display:none'>99</span>",
        "12<span style='color:red; DISPLAY:/**/ none'>9<b>9<br>9</b></span>",
        "<div hidden><i>9</div>12",
        "<span style='visibility: hidden'>9</span>12<span style='mso-hide:all'>9</span>",
        "12<style>td {color: red}</style>",
        "<script>write('<td>9</td>')</script>12",
        "<img style='display:none'>12",
    ],
)
def test_text_that_nobody_sees_becomes_no_part_of_a_value(read: Read, tmp_path: Path, cell: str) -> None:
    assert sums(read, tmp_path, f"{HEAD}<td>{cell}</td></tr></table>") == ["12"]


@pytest.mark.parametrize("cell", ["<p hidden>9<p>12", "<p hidden>9<p>12</p>", "<span hidden>9"])
def test_hidden_text_without_an_end_is_refused(read: Read, tmp_path: Path, cell: str) -> None:
    with pytest.raises(DocumentProblem, match="not clear where hidden text"):
        sums(read, tmp_path, f"{HEAD}<td>{cell}</td></tr></table>")


def test_text_behind_a_nested_table_is_kept(read: Read, tmp_path: Path) -> None:
    nested = "<table><tr><td>in</td></tr></table>"

    assert sums(read, tmp_path, f"{HEAD}<td>1{nested}2</td></tr></table>") == ["1\n2"]


@pytest.mark.parametrize("charset", ["undefined", "utf-7", "unicode_escape", "punycode"])
def test_an_encoding_that_turns_letters_into_others_is_refused(read: Read, tmp_path: Path, charset: str) -> None:
    page = f"<html><meta charset={charset}>{HEAD}<td>+ADk-</td></tr></table></html>"

    with pytest.raises(DocumentProblem, match=f"its letters are {charset}") as refused:
        sums(read, tmp_path, page)

    assert refused.value.kind == "damaged"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("utf-16", "utf-8"),
        ("iso-8859-1", "iso-8859-1"),
        ("Windows-1250", "cp1250"),
        ("us-ascii", "cp1252"),
        ("nonsense", "cp1252"),
    ],
)
def test_usual_encodings_are_read(read: Read, tmp_path: Path, charset: str, encoding: str) -> None:
    page = f"<html><meta charset={charset}>{HEAD}<td>José</td></tr></table></html>"

    assert sums(read, tmp_path, page.encode(encoding)) == ["José"]
