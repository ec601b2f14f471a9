"""Checkpoints that a timestamping authority signs with its time (RFC 3161): they were there then, at the latest.

It sees the hash of a checkpoint alone. Unlike a witness it does not know the log: what it shows is when, not that
nothing was rewritten before. `openssl ts -verify` checks its answers too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from rpa.audit.call import AwayError, call_bytes
from rpa.audit.checkpoint import checkpoint_of
from rpa.audit.memory import RefusedError
from rpa.errors import SetupError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class Stamped(NamedTuple):
    """A checkpoint as it was signed, and what the authority answered."""

    note: str
    token: bytes


class NotStampedError(Exception):
    """The authority has not signed this checkpoint."""


@dataclass(frozen=True)
class Timestamper:
    """The authority at *url*; *roots* is a file of PEM certificates that it is believed by."""

    url: str
    roots: Path

    @property
    def name(self) -> str:
        """How the log calls it: by its host and path, without a password."""
        parts = urlsplit(self.url)
        return f"timestamp {parts.hostname}{parts.path.rstrip('/')}"

    def stamp(self, note: str) -> bytes:
        """Return the authority's answer over the checkpoint, checked; raise `NotStampedError`."""
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

        request = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
        try:
            token = call_bytes(self.url, request.as_bytes(), QUERY)
        except AwayError as error:
            raise NotStampedError(f"it can't be reached: {error}") from None
        except RefusedError as refused:
            raise NotStampedError(f"it refused, {refused.status}") from None
        self.stamped_at(Stamped(note, token), nonce=request.nonce)
        return token

    def stamped_at(self, stamped: Stamped, nonce: int | None = None) -> datetime:
        """Return when the authority signed the checkpoint; raise `NotStampedError` where it didn't."""
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

        builder = VerifierBuilder(roots=list(self._certificates()), nonce=nonce)
        try:
            answer = decode_timestamp_response(stamped.token)
            builder.build().verify_message(answer, stamped.note.encode())
            at: datetime = answer.tst_info.gen_time
        except (VerificationError, ValueError) as error:
            raise NotStampedError(f"its answer is not its own: {str(error).partition(chr(10))[0]}") from None
        return at

    def _certificates(self) -> "Sequence[Certificate]":
        from cryptography.x509 import load_pem_x509_certificates

        try:
            return load_pem_x509_certificates(self.roots.read_bytes())
        except (OSError, ValueError):
            raise SetupError(f"{self.roots} holds no certificates: see [[audit.timestamps]] in rpa.toml") from None


def newest(authority: Timestamper, held: Iterable[Stamped]) -> tuple[int, datetime] | None:
    """Return the size and the time of the last checkpoint that it signed, None for none.

    Raises `NotStampedError` for one that it did not sign.
    """
    times = [(checkpoint_of(one.note).size, authority.stamped_at(one)) for one in held]
    return max(times, default=None)
