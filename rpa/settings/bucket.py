"""A bucket as `documents` says it, without anything that would open it."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

HERE = frozenset({"127.0.0.1", "::1", "localhost"})

_BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?")


class BucketName(NamedTuple):
    """A bucket, what begins the names in it, and the credential that opens it."""

    bucket: str
    prefix: str
    credential: str


def bucket_of(documents: str | None, credential: str | None) -> BucketName | None:
    """Return the bucket that `documents` names, None for a folder; raise `ValueError` for what is neither."""
    if documents is None or "://" not in documents:
        return None
    if "@" in documents:
        raise ValueError(
            "documents holds an access key: put it into the secret store and name it by documents_credential"
        )
    found = _BUCKET.fullmatch(documents)
    if found is None:
        raise ValueError("documents is a folder, or a bucket as in s3://keyonce/office")
    if credential is None:
        raise ValueError("documents in a bucket need documents_credential: the name of its access key and secret")
    return BucketName(found[1], found[2].strip("/"), credential)


def refuse_open(endpoint: str) -> None:
    """Raise `ValueError` for an address that others can listen to, holds a password, or leads to a page."""
    parts = urlsplit(endpoint)
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a password: put it into the secret store and name it by documents_credential")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("is an address alone, as in https://s3.county.example")
    if parts.scheme == "http" and parts.hostname not in HERE:
        raise ValueError("has to begin with https://: plain http:// is for this machine alone")
