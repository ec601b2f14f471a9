"""`documents` in rpa.toml: a folder as ever, or a bucket that is named without anything that would open it."""

from pathlib import Path

import pytest

from rpa.errors import LedgerFailed, SetupError
from rpa.project import Project

BUCKET = 'documents = "s3://keyonce/office"\ndocuments_credential = "bucket"\n'


def project(folder: Path, toml: str) -> Project:
    (folder / "bots").mkdir(exist_ok=True)
    (folder / "rpa.toml").write_text(toml, "utf-8")
    return Project(folder)


@pytest.mark.parametrize(
    ("toml", "where"),
    [
        ("", "{}/.rpa"),
        ('documents = "share"', "{}/share"),
        ('documents = "/mnt/keyonce"', "/mnt/keyonce"),
        (BUCKET, "s3://keyonce/office"),
        (BUCKET.replace("/office", "/"), "s3://keyonce"),
        (f'{BUCKET}documents_endpoint = "https://s3.county.example/"', "s3://keyonce/office at s3.county.example"),
        (f'{BUCKET}documents_endpoint = "http://127.0.0.1:9000"', "s3://keyonce/office at 127.0.0.1:9000"),
        (f'{BUCKET}documents_region = "eu-central-1"', "s3://keyonce/office"),
    ],
)
def test_documents_are_where_the_settings_say(tmp_path: Path, toml: str, where: str) -> None:
    assert project(tmp_path, toml).keeping.where == where.format(tmp_path)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('documents = "s3://keyonce"', "need documents_credential: the name of its access key and secret"),
        (BUCKET.replace("keyonce", "AKIA1:sesame@keyonce"), "holds an access key: put it into the secret store"),
        (BUCKET.replace("s3:", "gs:"), "a folder, or a bucket as in s3://keyonce/office"),
        (BUCKET.replace("keyonce", "Key_Once"), "a folder, or a bucket as in s3://keyonce/office"),
        (BUCKET.replace("office", "../office"), "a folder, or a bucket as in s3://keyonce/office"),
        (BUCKET.replace("office", "office?key=sesame"), "a folder, or a bucket as in s3://keyonce/office"),
        (f'{BUCKET}documents_endpoint = "http://s3.county.example"', "has to begin with https://"),
        (f'{BUCKET}documents_endpoint = "https://AKIA1:sesame@s3.county.example"', "holds a password"),
        (f'{BUCKET}documents_endpoint = "https://s3.county.example/keyonce"', "is an address alone"),
        ('documents = "share"\ndocuments_credential = "bucket"', "are for a bucket"),
    ],
)
def test_a_bucket_that_would_not_work_or_tells_its_key_is_refused(tmp_path: Path, toml: str, words: str) -> None:
    with pytest.raises(SetupError, match=words) as refusal:
        _ = project(tmp_path, toml).keeping

    assert "sesame" not in str(refusal.value)


def test_an_access_key_goes_only_where_its_owner_allows(tmp_path: Path) -> None:
    allowed = 'origins = ["https://s3.eu-central-1.amazonaws.com"]\n'
    (tmp_path / "credentials.toml").write_text(
        f'[bucket]\nusername = "key"\npassword = "secret"\n{allowed}', "utf-8"
    )
    (tmp_path / "credentials.toml").chmod(0o600)
    here = project(tmp_path, f'{BUCKET}documents_region = "us-west-2"\n[secrets]\nstore = "file"\n')

    with pytest.raises(LedgerFailed, match=r"may not be used at https://s3.us-west-2.amazonaws.com"):
        here.keeping.require()
