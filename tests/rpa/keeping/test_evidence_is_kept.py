"""A picture is whole under its hash, or not there."""

import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from rpa.keeping.folder import Pictures


def test_evidence_is_kept_once_under_its_hash_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    names = {Pictures(folder).keep(b"picture") for _ in range(2)}
    (kept,) = folder.iterdir()

    assert names == {sha256(b"picture").hexdigest()} == {kept.name}
    assert kept.read_bytes() == b"picture"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_half_a_file_is_never_found_under_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as fault:
        fault.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            Pictures(tmp_path).keep(b"picture")

    assert list(tmp_path.iterdir()) == []
    assert Pictures(tmp_path).keep(b"picture") == sha256(b"picture").hexdigest()
