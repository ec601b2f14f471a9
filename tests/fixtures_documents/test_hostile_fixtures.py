import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from fixtures.documents.make_hostile import write_hostile

MIB = 1 << 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    write_hostile(made)
    return made


def test_the_files_are_small(folder: Path) -> None:
    assert {path.name for path in folder.iterdir() if path.stat().st_size < 350_000} == {
        "far_cell.xlsx",
        "far_merge.xlsx",
        "flate_bomb.pdf",
        "laughs.xlsx",
        "nested_forms.pdf",
        "operators.pdf",
        "zip_bomb.xlsx",
    }


def test_the_sheets_reach_to_the_last_cell(folder: Path) -> None:
    assert b'r="XFD1048576"' in part(folder / "far_cell.xlsx", "xl/worksheets/sheet1.xml")
    assert b'ref="A1:XFD1048576"' in part(folder / "far_merge.xlsx", "xl/worksheets/sheet1.xml")


def test_the_laughs_multiply_by_a_billion(folder: Path) -> None:
    assert part(folder / "laughs.xlsx", "xl/sharedStrings.xml").count(b"<!ENTITY") == 10


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def test_the_zip_bomb_is_over_what_any_office_file_needs(folder: Path) -> None:
    with zipfile.ZipFile(folder / "zip_bomb.xlsx") as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size > 256 * MIB


def test_the_flate_bomb_inflates_twice_and_is_whole(folder: Path) -> None:
    once = zlib.decompress(content(folder / "flate_bomb.pdf"))
    twice = zlib.decompressobj()
    inflated = 0
    while not twice.eof:
        inflated += len(twice.decompress(once, 16 * MIB))
        once = twice.unconsumed_tail
    assert inflated == 1024 * MIB


def test_the_operators_pass_a_limit_on_bytes_and_are_three_million(folder: Path) -> None:
    drawn = zlib.decompress(content(folder / "operators.pdf"))
    assert len(drawn) < 16 * MIB
    assert drawn.count(b" l S\n") == 1_000_000


def content(path: Path) -> bytes:
    raw = path.read_bytes()
    return raw[raw.index(b"stream\n") + len(b"stream\n") : raw.index(b"\nendstream")]


def test_the_forms_draw_one_another_eight_levels_deep(folder: Path) -> None:
    drawing: Any = PdfReader(folder / "nested_forms.pdf").pages[0]
    levels = 0
    while "/Resources" in drawing:
        drawing = drawing["/Resources"]["/XObject"]["/F0"]
        levels += 1
    assert levels == 8
