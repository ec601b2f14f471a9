"""The signing key: made once, for its owner alone, and never silently made again."""

from pathlib import Path

import pytest

from rpa.audit.keys import PRIVATE_FILE, PUBLIC_FILE, create_key, private_key, public_key
from rpa.errors import SetupError


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    create_key(tmp_path)
    first = private_key(tmp_path)
    create_key(tmp_path)

    assert private_key(tmp_path) == first
    assert public_key(tmp_path) == first.public
    assert (tmp_path / PRIVATE_FILE).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [PRIVATE_FILE, PUBLIC_FILE]


def test_a_public_key_that_a_crash_left_unwritten_is_written(tmp_path: Path) -> None:
    create_key(tmp_path)
    (tmp_path / PUBLIC_FILE).unlink()
    (tmp_path / "audit.pub.new").touch()
    create_key(tmp_path)

    assert public_key(tmp_path) == private_key(tmp_path).public


def test_a_lost_key_is_not_replaced_by_another(tmp_path: Path) -> None:
    create_key(tmp_path)
    (tmp_path / PRIVATE_FILE).unlink()
    create_key(tmp_path)

    with pytest.raises(SetupError, match=r"audit\.key cannot be read .* restore it from a backup"):
        private_key(tmp_path)


def test_a_key_that_others_may_read_signs_nothing(tmp_path: Path) -> None:
    create_key(tmp_path)
    (tmp_path / PRIVATE_FILE).chmod(0o640)

    with pytest.raises(SetupError, match="chmod 600"):
        private_key(tmp_path)


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+a+00000000+AAAA", "\u00fc"])
def test_a_damaged_key_is_told_of_without_being_shown(tmp_path: Path, text: str) -> None:
    create_key(tmp_path)
    (tmp_path / PRIVATE_FILE).write_text(text, encoding="utf-8")
    (tmp_path / PUBLIC_FILE).write_text(text, encoding="utf-8")

    for read in (private_key, public_key):
        with pytest.raises(SetupError, match="restore it from a backup") as caught:
            read(tmp_path)
        assert not text or text not in str(caught.value)
