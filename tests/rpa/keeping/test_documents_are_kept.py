"""What is kept is what was hashed, whatever happens to the file meanwhile, and nothing from elsewhere."""

import hashlib
import os
import threading
from pathlib import Path

import pytest

from rpa.documents.base import Document
from rpa.documents.preflight import LARGEST_FILE
from rpa.errors import DocumentProblem
from rpa.keeping.files import Files
from rpa.keeping.taking import make_private


@pytest.fixture
def kept(tmp_path: Path) -> Files:
    """Return a place to keep documents in."""
    return Files(tmp_path / "state" / "documents")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Return a document that has come in."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF first")
    return path


def taken(kept: Files, path: Path) -> Document:
    with kept.keep(path) as document:
        return document


def refusal(kept: Files, path: Path) -> DocumentProblem:
    with pytest.raises(DocumentProblem) as problem:
        taken(kept, path)
    assert not list(kept.folder.glob("*"))
    return problem.value


def test_a_document_is_kept_under_its_hash_and_copied_once(kept: Files, scan: Path) -> None:
    first, second = taken(kept, scan), taken(kept, scan)

    assert first == second
    assert first.sha256 == hashlib.sha256(b"%PDF first").hexdigest()
    assert (first.path, first.path.read_bytes(), first.size) == (
        kept.path(first.sha256, "scan.pdf"),
        b"%PDF first",
        10,
    )
    assert [path.name for path in kept.folder.iterdir()] == [first.sha256]


def test_a_file_that_grows_while_it_is_taken_in_is_kept_under_the_hash_of_the_copy(
    kept: Files, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = make_private

    def growing(folder: Path) -> None:  # runs between the two readings
        scan.write_bytes(b"%PDF first and the rest")
        hashed(folder)

    monkeypatch.setattr("rpa.keeping.files.make_private", growing)

    document = taken(kept, scan)

    assert hashlib.sha256(document.path.read_bytes()).hexdigest() == document.sha256
    assert document.path.read_bytes() == b"%PDF first and the rest"


def test_a_huge_file_is_refused_before_it_is_copied(kept: Files, scan: Path) -> None:
    os.truncate(scan, LARGEST_FILE + 1)

    assert refusal(kept, scan).kind == "too-big"


def test_a_file_that_grows_without_end_is_not_copied_without_end(
    kept: Files, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow = make_private

    def growing(folder: Path) -> None:
        os.truncate(scan, LARGEST_FILE * 2)
        grow(folder)

    monkeypatch.setattr("rpa.keeping.files.make_private", growing)

    assert refusal(kept, scan).kind == "too-big"


def test_a_link_does_not_bring_a_file_from_elsewhere(kept: Files, tmp_path: Path, scan: Path) -> None:
    link = tmp_path / "link.pdf"
    link.symlink_to(scan)

    assert "link" in str(refusal(kept, link))


@pytest.mark.timeout(20)
def test_a_pipe_does_not_keep_the_run_waiting(kept: Files, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")

    assert refusal(kept, tmp_path / "pipe.pdf").kind == "unexpected"


@pytest.mark.parametrize("name", ["gone.pdf", "folder.pdf"])
def test_a_file_that_can_not_be_opened_is_a_problem_of_the_document(
    kept: Files, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder.pdf").mkdir()

    assert refusal(kept, tmp_path / name).kind == "unexpected"


def test_what_is_kept_is_for_its_own_account_alone(kept: Files, scan: Path) -> None:
    scan.chmod(0o666)
    before = os.umask(0)
    try:
        document = taken(kept, scan)
    finally:
        os.umask(before)

    assert document.path.stat().st_mode & 0o777 == 0o600
    for folder in (document.path.parent, kept.folder, kept.folder.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_threads_may_keep_the_same_document(kept: Files, scan: Path) -> None:
    threads = [threading.Thread(target=taken, args=(kept, scan)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert taken(kept, scan).path.read_bytes() == b"%PDF first"
    assert len(list(kept.folder.rglob("*.pdf"))) == 1
    assert not list(kept.folder.glob("draft-*"))
