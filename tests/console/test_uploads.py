"""What staff bring is whole in the bot's folder before it is gone from where they brought it."""

import os
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from openpyxl import load_workbook

from rpa.console.preview import Previews
from rpa.console.uploads import Upload, Uploads
from rpa.project import Project
from tests.console.stage import BOT, CLAIMS, CLERK, make_project

PAPER = b"%PDF-1.7 a claim"


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads")


@pytest.fixture
def upload(uploads: Uploads, project: Project) -> Upload:
    made = uploads.begin(BOT, "olive")
    made.add("claim.pdf", BytesIO(PAPER), project.bot(BOT))
    return made


def hand_over(upload: Upload, project: Project, folder: Path) -> None:
    with upload.started() as aside:
        aside.hand_over(folder, project.bot(BOT))


def inbox_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "inbox/claims").iterdir()}


def test_what_is_still_coming_in_when_somebody_starts_is_not_entered_by_half(
    upload: Upload, project: Project, tmp_path: Path
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def parts() -> Iterator[bytes]:
        yield PAPER
        begun.set()
        go_on.wait(10)
        yield b"its second half"
        yield b""

    class Coming:
        def __init__(self) -> None:
            self._parts = parts()

        def read(self, _size: int = -1) -> bytes:
            return next(self._parts)

    refused: list[LookupError] = []

    def add() -> None:
        try:
            upload.add("late.pdf", cast("BinaryIO", Coming()), project.bot(BOT))
        except LookupError as gone:
            refused.append(gone)

    adding = threading.Thread(target=add)
    adding.start()
    assert begun.wait(10)
    hand_over(upload, project, tmp_path)
    go_on.set()
    adding.join(10)

    assert inbox_of(tmp_path) == {"claim.pdf": PAPER}
    assert len(refused) == 1
    with pytest.raises(LookupError):
        hand_over(upload, project, tmp_path)


def test_another_document_of_the_same_name_takes_no_place_of_the_first(
    upload: Upload, project: Project, tmp_path: Path
) -> None:
    other = PAPER + b" of somebody else"
    for content in (other, PAPER, other):
        upload.add("claim.pdf", BytesIO(content), project.bot(BOT))

    hand_over(upload, project, tmp_path)

    assert inbox_of(tmp_path) == {"claim.pdf": PAPER, "claim (2).pdf": other}


def test_the_brought_copy_is_gone_only_once_the_other_one_is_on_the_disk(
    upload: Upload, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[str] = []
    flush = os.fsync

    def fsync(number: int) -> None:
        flush(number)
        settled.append(Path(f"/proc/self/fd/{number}").readlink().name)

    unlink = Path.unlink

    def unlinked(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002  # as it is called
        settled.append(f"{path.name} gone")
        unlink(path, missing_ok)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "unlink", unlinked)
    hand_over(upload, project, tmp_path)

    assert settled[-3:] == ["whole", "claims", "claim.pdf gone"]


def test_what_could_not_be_handed_over_is_still_there(
    upload: Upload, uploads: Uploads, project: Project, tmp_path: Path
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/claims").write_bytes(b"no folder")
    with pytest.raises(OSError, match="claims"):
        hand_over(upload, project, tmp_path)
    assert [path.name for path in uploads.of(upload.token, "olive").paths()] == ["claim.pdf"]

    upload.folder.rename(upload.folder.with_name(f"started-{upload.token}"))  # the console was killed
    uploads.recover()
    assert [path.name for path in uploads.of(upload.token, "olive").paths()] == ["claim.pdf"]


def test_what_is_shown_before_a_start_is_looked_up_in_the_roster_of_now(tmp_path: Path) -> None:
    project, roster = make_project(tmp_path / "project", claims=0), tmp_path / "project/inbox/roster.xlsx"
    upload, previews = Uploads(tmp_path / "uploads").begin(BOT, "olive"), Previews()
    upload.add("claim.pdf", BytesIO((CLAIMS / "claim_06.pdf").read_bytes()), project.bot(BOT))
    with project.store(CLERK) as store:
        (before,) = previews.of(project, store, project.bot(BOT), upload)
        book = load_workbook(roster)
        for row in book["Members"].iter_rows(max_col=1):
            row[0].value = "9" if str(row[0].value).isdigit() else row[0].value
        book.save(roster)
        (after,) = previews.of(project, store, project.bot(BOT), upload)

    assert (before.good, before.bad) == (1, 0)
    assert (after.good, after.bad) == (0, 1)
    assert "no row in roster.xlsx" in after.records[0].problem
