"""Copies on this machine's disk, while several processes make and delete theirs at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rpa.keeping.copies import Copies


def test_a_copy_that_goes_while_another_is_made_is_no_trouble(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "fetched")

    def use(_: int) -> bool:
        with copies.room() as room:
            (room / "form.pdf").write_bytes(b"%PDF")
            return (room / "form.pdf").exists()

    with ThreadPoolExecutor(4) as users:
        assert all(users.map(use, range(400)))

    assert list((tmp_path / "fetched").iterdir()) == []


def test_a_file_that_somebody_puts_among_the_copies_stops_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "fetched"
    folder.mkdir()
    (folder / "notes.txt").write_text("not ours")
    (folder / "left by a dead process").mkdir()

    with Copies(folder).room() as room:
        (room / "form.pdf").write_bytes(b"%PDF")

    assert [place.name for place in folder.iterdir()] == ["notes.txt"]
