"""The contract of every place that keeps: what is given back is what was kept, and nothing else."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.errors import DocumentProblem, LedgerFailed
from rpa.keeping.base import Keeping
from rpa.keeping.copies import Copies
from rpa.keeping.folder import Folder
from rpa.keeping.in_bucket import InBucket

CLAIM = b"%PDF first"
SHA256 = hashlib.sha256(CLAIM).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def keeping(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeping]:
    """Return each kind of place, empty; in the end no copy is left on this machine."""
    if request.param == "folder":
        yield Folder(tmp_path / "share")
        return
    copies = Copies(tmp_path / "state/fetched")
    yield InBucket(request.getfixturevalue("bucket_server").bucket(), copies)
    assert not copies.folder.exists() or list(copies.folder.iterdir()) == [], "copies outlive their use"


@pytest.fixture
def claim(tmp_path: Path) -> Path:
    """Return a document that has come in."""
    path = tmp_path / "claim.pdf"
    path.write_bytes(CLAIM)
    return path


def keep(keeping: Keeping, path: Path) -> str:
    with keeping.documents.keep(path) as document:
        return document.sha256


def fetched(keeping: Keeping, name: str = "claim.pdf", sha256: str = SHA256) -> bytes:
    with keeping.documents.fetched(sha256, name) as document:
        assert (document.path.name, document.sha256) == (name, sha256)
        assert document.path.stat().st_mode & 0o777 == 0o600
        assert document.size == document.path.stat().st_size
        return document.path.read_bytes()


def change(keeping: Keeping, name: str, content: bytes) -> None:
    """Change what lies there as somebody could who may write to it."""
    if isinstance(keeping, Folder):
        (keeping.path / name).write_bytes(content)
    else:
        assert isinstance(keeping, InBucket)
        keeping.bucket.write(name, content)


def test_a_document_is_given_back_as_it_came(keeping: Keeping, claim: Path) -> None:
    with keeping.documents.keep(claim) as document:
        assert (document.sha256, document.size, document.path.name) == (SHA256, len(CLAIM), "claim.pdf")
        assert document.path.read_bytes() == CLAIM
        claim.write_bytes(b"other")
        assert document.path.read_bytes() == CLAIM, "what is read is the copy"
    keeping.require()
    keeping.try_out()

    assert fetched(keeping) == CLAIM
    assert keeping.documents.holds(SHA256)


@pytest.mark.parametrize("name", ["Zoë's 50%?#[x].pdf", "a\\b~.pdf", "-.pdf", "x" * 200, "bad\udce9.pdf"])
def test_a_file_of_any_name_is_found_again(keeping: Keeping, claim: Path, name: str) -> None:
    assert keep(keeping, claim.rename(claim.with_name(name))) == SHA256

    assert fetched(keeping, name) == CLAIM
    keeping.documents.delete(SHA256)
    assert not keeping.documents.holds(SHA256)


def test_a_document_that_was_changed_there_is_named_and_never_given(keeping: Keeping, claim: Path) -> None:
    keep(keeping, claim)
    change(keeping, f"documents/{SHA256}/claim.pdf", b"%PDF forged")

    with pytest.raises(DocumentProblem, match=f"documents/{SHA256}.* was changed since it was kept") as problem:
        fetched(keeping)

    assert "claim.pdf" not in str(problem.value), "a file's name may be a person's"


def test_a_document_that_is_gone_is_a_problem_of_its_record_alone(keeping: Keeping, claim: Path) -> None:
    keep(keeping, claim)
    with pytest.raises(DocumentProblem, match=f"documents/{'0' * 64}.* is not there any more"):
        fetched(keeping, sha256="0" * 64)


def test_what_is_deleted_is_gone_under_all_its_names_and_nothing_else(keeping: Keeping, claim: Path) -> None:
    keep(keeping, claim)
    keep(keeping, Path(shutil.copy(claim, claim.with_name("again.pdf"))))
    other = claim.with_name("other.pdf")
    other.write_bytes(b"%PDF other")
    left = keep(keeping, other)

    for _ in range(2):
        keeping.documents.delete(SHA256)

    assert (keeping.documents.holds(SHA256), keeping.documents.holds(left)) == (False, True)
    assert fetched(keeping, "other.pdf", left) == b"%PDF other"


def test_what_came_with_a_document_that_fails_is_not_kept(keeping: Keeping) -> None:
    with pytest.raises(DocumentProblem, match="name"), keeping.documents.trying() as trying:  # noqa: PT012
        assert trying("claim.pdf", CLAIM).path.read_bytes() == CLAIM
        trying("../claim.pdf", b"three")
    assert not keeping.documents.holds(SHA256)

    with keeping.documents.trying() as trying:
        first, second = trying("claim.pdf", CLAIM), trying("claim.pdf", b"two")
        assert [one.path.read_bytes() for one in (first, second)] == [CLAIM, b"two"]
    assert (fetched(keeping), fetched(keeping, sha256=second.sha256)) == (CLAIM, b"two")


def test_a_picture_is_what_its_name_says_or_none(keeping: Keeping) -> None:
    name = keeping.evidence.keep(b"picture")

    assert keeping.evidence.keep(b"picture") == name
    assert keeping.evidence.read(name) == b"picture"
    change(keeping, f"evidence/{name}", b"forged")
    assert keeping.evidence.read(name) is None
    for _ in range(2):
        keeping.evidence.delete(name)
    assert keeping.evidence.read(name) is None


def test_the_checkpoint_is_the_last_that_was_written(keeping: Keeping) -> None:
    if isinstance(keeping, Folder):
        keeping.path.mkdir()

    assert keeping.checkpoint.read() is None
    for note in (b"one\n", b"two\n"):
        keeping.checkpoint.write(note)
        assert keeping.checkpoint.read() == note
    assert "checkpoint" in keeping.checkpoint.name


def test_a_share_that_is_not_mounted_is_no_fault_of_a_document(tmp_path: Path) -> None:
    with pytest.raises(LedgerFailed, match="see that the share is mounted"):
        fetched(Folder(tmp_path / "share"))
