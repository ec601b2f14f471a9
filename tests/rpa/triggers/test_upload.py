"""Uploads: one start for one idempotency key, however often it is sent, and no way out of the folder."""

from pathlib import Path

import pytest

from rpa.definitions.trigger import Trigger
from rpa.errors import BusinessException
from rpa.occurrence import State
from rpa.secrets.base import Credential
from rpa.store.store import Store
from rpa.triggers.upload import OtherContent, Upload
from tests.rpa.triggers.coming import arrivals, run_all

ONE = [("a.csv", b"Number\n1\n")]


class Known:
    """A store of the one token."""

    def get(self, name: str) -> Credential:
        """Return it."""
        return Credential(name, "", "the-token")


@pytest.fixture
def upload(tmp_path: Path, store: Store) -> Upload:
    trigger = Trigger.model_validate(
        {"trigger": "up", "bot": "visits", "document": "visits", "files": "*.csv", "web": {"credential": "up"}}
    )
    assert trigger.web is not None
    return Upload(trigger.web, arrivals(tmp_path, store, trigger, "arrivals/up"), Known())


def test_a_key_that_is_sent_again_is_the_same_start_also_after_its_run(
    tmp_path: Path, store: Store, upload: Upload
) -> None:
    first, is_new = upload.take("k-1", ONE)
    again, still_new = upload.take("k-1", ONE)
    run_all(store, tmp_path / ".rpa", "read")
    upload.arrivals.tidy()
    later, new_later = upload.take("k-1", ONE)

    assert (is_new, still_new, new_later) == (True, False, False)
    assert first.nominal == again.nominal == later.nominal
    assert later.state is State.DONE
    assert len(store.occurrences.newest()) == 1
    assert list((tmp_path / "arrivals/up/taken").iterdir()) == []


def test_a_key_that_comes_with_other_files_is_refused_and_nothing_is_taken(store: Store, upload: Upload) -> None:
    upload.take("k-1", ONE)

    with pytest.raises(OtherContent):
        upload.take("k-1", [("a.csv", b"Number\n2\n")])
    assert len(store.occurrences.newest()) == 1


@pytest.mark.parametrize(
    ("key", "files"),
    [
        ("", ONE),
        ("../x", ONE),
        (".k-1", ONE),
        ("k" * 101, ONE),
        ("k-1", []),
        ("k-1", [("a.exe", b"x")]),
        ("k-1", [("", b"x")]),
    ],
)
def test_a_key_or_file_that_can_not_be_used_is_refused(
    store: Store, upload: Upload, key: str, files: list[tuple[str, bytes]]
) -> None:
    with pytest.raises(BusinessException):
        upload.take(key, files)
    assert store.occurrences.newest() == []


def test_a_name_can_not_lead_out_of_the_folder(tmp_path: Path, store: Store, upload: Upload) -> None:
    names = ["../../../out.csv", "/etc/out.csv", "..\\out.csv", "a\x00[b]*.csv"]
    upload.take("k-1", [(name, b"x") for name in names])

    (one,) = store.occurrences.newest()
    assert len(list(tmp_path.glob(one.files["visits"]))) == len(names)
    assert {path.parent.parent for path in tmp_path.rglob("out*.csv")} == {tmp_path / "arrivals/up/taken"}


def test_an_upload_that_is_sent_again_after_a_full_disk_has_each_file_once(
    tmp_path: Path, store: Store, upload: Upload
) -> None:
    upload.take("k-1", ONE)
    (one,) = store.occurrences.newest()
    half = tmp_path / "arrivals/up/taken" / f".{one.nominal.replace('k-1', 'k-2')}"
    half.mkdir()
    (half / "a.csv").write_bytes(b"Num")

    again, _ = upload.take("k-2", ONE)

    assert [path.read_bytes() for path in tmp_path.glob(again.files["visits"])] == [ONE[0][1]]


def test_only_the_right_token_is_known(upload: Upload) -> None:
    assert upload.knows("the-token")
    assert not any(map(upload.knows, ("", "the-toke", "the-token ", "ü")))
