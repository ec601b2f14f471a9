"""A bucket that is away, refuses or breaks off: said in words, nothing half written, nothing left behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.systems.common import ROOT
from rpa.dispatcher import dispatch
from rpa.errors import LedgerFailed
from rpa.keeping.bucket import AccessKey, Address, Bucket
from rpa.keeping.copies import Copies
from rpa.keeping.in_bucket import InBucket
from rpa.project import Project
from rpa.records import Record
from tests.bucket.door import door
from tests.bucket.server import SHORT, BucketServer


def test_an_upload_that_breaks_off_leaves_nothing_under_its_name(bucket_server: BucketServer) -> None:
    address, content = bucket_server.address(), os.urandom(3 << 20)
    with door(bucket_server.endpoint, most=1 << 20) as narrow:
        broken = bucket_server.bucket(replace(address, endpoint=narrow.endpoint))
        with pytest.raises(LedgerFailed, match=r"can't be reached .*nothing is lost meanwhile"):
            broken.write("documents/a/claim.pdf", content)

    bucket = bucket_server.bucket(address)
    assert (bucket.size("documents/a/claim.pdf"), bucket.names("documents")) == (None, [])
    bucket.write("documents/a/claim.pdf", content)
    assert bucket.read("documents/a/claim.pdf") == content


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"bucket": "nowhere"}, "s3://nowhere/x at .* is not there: make the bucket"),
        ({"endpoint": "http://127.0.0.1:9"}, "s3://keyonce/x at 127.0.0.1:9 can't be reached"),
    ],
)
def test_a_bucket_that_is_not_there_is_never_an_empty_one(
    bucket_server: BucketServer, address: dict[str, str], words: str
) -> None:
    bucket = bucket_server.bucket(replace(bucket_server.address("x"), **address))

    for ask in (
        bucket.require,
        bucket.try_out,
        lambda: bucket.read("checkpoint"),
        lambda: bucket.names("documents"),
    ):
        with pytest.raises(LedgerFailed, match=words):
            ask()


def test_an_access_key_is_asked_for_anew_once_it_was_refused_and_never_told(bucket_server: BucketServer) -> None:
    right = bucket_server.key
    keys = [AccessKey("AKIAWRONG", "sesame"), AccessKey(right.key, "sesame"), right]
    bucket = Bucket(bucket_server.address(), lambda: keys.pop(0), SHORT)

    for code in ("InvalidAccessKeyId", "SignatureDoesNotMatch"):
        with pytest.raises(LedgerFailed, match=rf"does not let this account in \({code}\)") as problem:
            bucket.require()
        assert not {word for word in ("AKIAWRONG", right.key, "sesame") if word in f"{problem.value}{bucket!r}"}
    bucket.require()


def test_what_the_environment_says_to_other_programs_does_not_count(
    bucket_server: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"SESSION_TOKEN": "other", "SKIP_SIGNATURE": "true", "ENDPOINT_URL": "http://127.0.0.1:9"}
    for name, value in {**said, "S3_EXPRESS": "true", "ACCESS_KEY_ID": "other"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)

    bucket_server.bucket().try_out()


def test_the_ledger_names_no_document_that_is_not_in_the_bucket(
    bucket_server: BucketServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bots/systems").mkdir(parents=True)
    shutil.copy(ROOT / "tests/kills/bots/benefits.yaml", tmp_path / "bots")
    shutil.copy(ROOT / "bots/systems/benefits.yaml", tmp_path / "bots/systems")
    (tmp_path / "claims.csv").write_text("Claim No,Lost on\nCL-700001,2026-01-02\n", "utf-8")
    monkeypatch.setenv("RPA_CREDENTIAL_BUCKET_USERNAME", bucket_server.key.key)
    monkeypatch.setenv("RPA_CREDENTIAL_BUCKET_PASSWORD", bucket_server.key.secret)
    said = 'documents = "s3://keyonce/late"\ndocuments_credential = "bucket"\n'
    with door(bucket_server.endpoint) as way:
        (tmp_path / "rpa.toml").write_text(f'{said}documents_endpoint = "{way.endpoint}"\n', "utf-8")
        project = Project(tmp_path)
        drafts = project.drafts(project.bot("kill-benefits"))
        with project.store() as store:
            started = store.start_run("kill-benefits", "b" * 64, "test")
            way.shut()
            with pytest.raises(LedgerFailed, match="can't be reached"):
                dispatch(drafts, started, store)
            assert (store.work_items("kill-benefits"), store.waiting("kill-benefits")) == ([], [])
            way.open()
            assert dispatch(drafts, started, store).outcomes == {"added": 1}
            (item,) = store.work_items("kill-benefits")
        document = Record.from_json(item.record).documents["claims"]
        with project.files.fetched(document.sha256, document.name) as kept:
            assert kept.path.read_bytes() == (tmp_path / "claims.csv").read_bytes()


def test_a_server_that_answers_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        quick = replace(SHORT, request=SHORT.again / 4, tries=0)
        bucket = Bucket(Address("keyonce", endpoint=endpoint), lambda: AccessKey("key", "secret"), quick)

        with pytest.raises(LedgerFailed, match="can't be reached"):
            InBucket(bucket, Copies(tmp_path)).evidence.keep(b"picture")


HOLDS = """
import sys
from pathlib import Path
from rpa.keeping.copies import Copies
with Copies(Path(sys.argv[1])).room() as room:
    (room / "claim.pdf").write_bytes(b"personal")
    print("there", flush=True)
    sys.stdin.read()
"""


def test_a_copy_that_a_killed_process_left_is_gone_with_the_next_use_and_one_in_use_stays(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "fetched")
    command = [sys.executable, "-c", HOLDS, str(copies.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "there\n"
        copies.sweep()
        assert len(list(copies.folder.rglob("claim.pdf"))) == 1, "somebody reads it"
        other.send_signal(signal.SIGKILL)
        other.wait()

    with copies.room() as room:
        assert [one.name for one in copies.folder.iterdir()] == [room.name]
