"""A bucket of an S3-compatible store, and what it refuses in words that say what to do."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from rpa.errors import LedgerFailed, SetupError

if TYPE_CHECKING:
    from obstore.store import S3Credential, S3Store

NO_LIBRARY = "documents in a bucket need their library: pip install 'keyonce[s3]'"
REFUSED = (
    "{} does not let this account in ({}): look at the access key and secret of the credential, and that it may"
    " list, read, write and delete there"
)
NO_BUCKET = "{} is not there: make the bucket, or correct `documents` in rpa.toml"
ELSEWHERE = "{} is in another region: name it by `documents_region` in rpa.toml"
AWAY = "{} can't be reached ({}): look whether it works and this machine may reach it; nothing is lost meanwhile"
DIFFERS = "{} does not give back what was written there: look whether its address leads to the right store"

_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
_STATUS = re.compile(r"status code: (\d{3})")
_REGION = frozenset({"AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException"})
_NOT_LET_IN = frozenset({"401", "403"})
_PROBE = "probe"


class AccessKey(NamedTuple):
    """Who opens a bucket, and by what."""

    key: str
    secret: str


@dataclass(frozen=True)
class Address:
    """A bucket, what begins the names in it, and where it is: without an *endpoint*, at Amazon in its *region*."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = "us-east-1"

    @property
    def origin(self) -> str:
        """Where it is asked, as an origin."""
        return (self.endpoint or "").rstrip("/") or f"https://s3.{self.region}.amazonaws.com"

    def of(self, *names: str) -> str:
        """Return it as `documents` says it, or what is called so in it."""
        return "s3://" + "/".join(part for part in (self.bucket, self.prefix, *names) if part)

    def __str__(self) -> str:
        """Return it as `documents` says it, with the host of another make."""
        return self.of() + (f" at {urlsplit(self.endpoint).netloc}" if self.endpoint else "")


@dataclass(frozen=True)
class Patience:
    """How long one request may take, its bytes included, and for how long it is begun anew where it fails."""

    connect: timedelta = timedelta(seconds=5)
    request: timedelta = timedelta(seconds=25)
    again: timedelta = timedelta(seconds=15)
    tries: int = 4


@dataclass(eq=False)
class Bucket:
    """Reads and writes objects by their names; *open_by* fetches the access key when it is needed.

    Every method raises `LedgerFailed` where the store can't be reached or refuses.
    """

    address: Address
    open_by: Callable[[], AccessKey] = field(repr=False)
    patience: Patience = Patience()
    _store: "S3Store | None" = field(default=None, init=False, repr=False)

    def read(self, name: str) -> bytes | None:
        """Return an object whole, None where there is none."""
        with self._in_words() as store:
            try:
                return bytes(store.get(name).bytes())
            except FileNotFoundError:
                self.require()  # an answer "not found" is also given where there is no bucket, by proxies too
                return None

    def size(self, name: str) -> int | None:
        """Return how many bytes an object has, None where there is none."""
        with self._in_words() as store:
            try:
                return store.head(name)["size"]
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes | Path) -> None:
        """Write an object by one request: until all of it has come, nothing bears the name."""
        with self._in_words() as store:
            store.put(name, content, use_multipart=False)

    def names(self, folder: str) -> list[str]:
        """Return the names of all objects below *folder*."""
        with self._in_words() as store:
            return [one["path"] for batch in store.list(f"{folder}/") for one in batch]

    def delete(self, name: str) -> None:
        """Delete an object, if it is there."""
        with self._in_words() as store:
            store.delete(name)

    def require(self) -> None:
        """Raise where the bucket is not there, refuses or can't be reached."""
        with self._in_words() as store:
            store.list_with_delimiter()

    def try_out(self) -> None:
        """Do as `require`, and write, read and delete an object."""
        self.require()
        self.write(_PROBE, _PROBE.encode())
        found = self.read(_PROBE)
        self.delete(_PROBE)
        if found != _PROBE.encode():
            raise LedgerFailed(DIFFERS.format(self.address))

    @contextmanager
    def _in_words(self) -> Iterator["S3Store"]:
        store = self._opened()
        from obstore.exceptions import BaseError

        try:
            yield store
        except (BaseError, OSError) as error:
            raise LedgerFailed(self._told(error)) from None

    def _told(self, error: Exception) -> str:
        """Return what went wrong by the store's code alone: its words may hold keys, and names of documents."""
        words = str(error)
        status, said = _STATUS.search(words), _CODE.search(words)
        code = next((found[1] for found in (said, status) if found), _silence(words))
        if code == "NoSuchBucket":
            return NO_BUCKET.format(self.address)
        if code in _REGION or "configured region" in words:
            return ELSEWHERE.format(self.address)
        if status is not None and status[1] in _NOT_LET_IN:
            self._store = None  # the next one asks for the access key anew: it may have been changed
            return REFUSED.format(self.address, code)
        return AWAY.format(self.address, code)

    def _opened(self) -> "S3Store":
        if self._store is None:
            try:
                self._store = self._connected(self.open_by())
            except SetupError as error:  # of a press that is made nobody knows less for it: whoever works stops
                raise LedgerFailed(str(error)) from error
        return self._store

    def _connected(self, by: AccessKey) -> "S3Store":
        try:
            from obstore.store import S3Store
        except ImportError:
            raise SetupError(NO_LIBRARY) from None
        where, patience = self.address, self.patience
        return S3Store(
            where.bucket,
            prefix=where.prefix or None,
            endpoint=where.origin,
            region=where.region,
            # Said in full: what lacks is else taken from variables of the environment that other programs go by.
            credential_provider=lambda: _credential(by),
            virtual_hosted_style_request=False,
            skip_signature=False,
            s3_express=False,
            client_options={
                "allow_http": where.origin.startswith("http://"),
                "connect_timeout": patience.connect,
                "timeout": patience.request,
            },
            retry_config={"max_retries": patience.tries, "retry_timeout": patience.again},
        )


def _credential(by: AccessKey) -> "S3Credential":
    return {"access_key_id": by.key, "secret_access_key": by.secret, "token": None, "expires_at": None}


def _silence(words: str) -> str:
    """Return why no answer came."""
    return "its certificate is not trusted here" if "InvalidCertificate" in words else "no answer"
