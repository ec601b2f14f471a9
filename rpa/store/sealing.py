"""Personal values at rest: sealed under a key of their subject, which is wrapped by the project's own key.

A record says something about somebody: its *subject*. Each subject has a random key of its own, and all that the
ledger holds of its records is sealed under it (AES-256-GCM, NIST SP 800-38D): their values, and the salt of the
commitments in the audit log. Whoever deletes that one key has deleted all of it; the log stays as it was, and its
commitments say nothing any more.

What has to be found again without being read is kept as an HMAC under the project's key: who has the file alone
can't try every social security number against it.
"""

import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from secrets import token_bytes

from rpa.errors import SetupError

KEY_BYTES = 32
NONCE_BYTES = 12
"""AES-GCM's own size. Random for each message: one key wraps far fewer than the 2**32 that SP 800-38D allows."""

HIDING = "hiding"

WRONG = "the project's key does not open what the ledger holds: put back the key that it was written with"


@dataclass(frozen=True)
class SubjectKey:
    """What seals and opens the records of one subject; *wrapped* is how the ledger keeps it."""

    raw: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)

    def seal(self, content: bytes, use: str) -> bytes:
        """Return *content* so that only this key opens it, and only for the same *use*."""
        return _seal(self.raw, content, use)

    def open(self, sealed: bytes, use: str) -> bytes:
        """Return what was sealed; raise `SetupError` where it was not, under this key and for this *use*."""
        return _open(self.raw, sealed, use)


@dataclass(frozen=True)
class Sealer:
    """The project's key at work. *load* fetches it when it is first needed; it raises `SetupError`.

    *kept* is how the ledger keeps the key by which values are found, None under the project's first key.
    """

    load: Callable[[], bytes] = field(repr=False)
    kept: bytes | None = field(default=None, repr=False)

    def new_key(self) -> SubjectKey:
        """Return a random key for a subject that the ledger does not know yet."""
        raw = token_bytes(KEY_BYTES)
        return SubjectKey(raw, _seal(self._wrapping, raw, "subject"))

    def unwrap(self, wrapped: bytes) -> SubjectKey:
        """Return the subject's key; raise `SetupError` where another key has wrapped it."""
        return SubjectKey(_open(self._wrapping, wrapped, "subject"), wrapped)

    def hidden(self, use: str, text: str) -> str:
        """Return what stands for *text* where it has to be found again: the same for the same, and no way back."""
        return hmac.new(self._hiding, f"{use}\0{text}".encode(), "sha256").hexdigest()

    def rewrapped(self, wrapped: bytes, other: "Sealer") -> bytes:
        """Return a subject's key as *other* keeps it; raise `SetupError` where this one can't open it."""
        return _seal(other._wrapping, self.unwrap(wrapped).raw, "subject")  # noqa: SLF001  # of its own kind

    def hiding_for(self, other: "Sealer") -> bytes:
        """Return the key by which values are found, as *other* keeps it."""
        return _seal(other._wrapping, self._hiding, HIDING)  # noqa: SLF001  # of its own kind

    def opens(self, wrapped: bytes) -> bool:
        """Tell whether this is the key under which the ledger keeps the one by which values are found."""
        try:
            _open(self._wrapping, wrapped, HIDING)
        except SetupError:
            return False
        return True

    def fits(self, kept: bytes | None) -> bool:
        """Tell whether this finds values by the same key as the ledger, of which *kept* is how it keeps that."""
        if kept is None or self.kept is None:
            return kept is self.kept
        return self.opens(kept) and _open(self._wrapping, kept, HIDING) == self._hiding

    @cached_property
    def _wrapping(self) -> bytes:
        return self._derived("wrapping")

    @cached_property
    def _hiding(self) -> bytes:
        return self._derived(HIDING) if self.kept is None else _open(self._wrapping, self.kept, HIDING)

    @cached_property
    def _key(self) -> bytes:
        key = self.load()
        if len(key) != KEY_BYTES:
            raise SetupError(f"the project's key has {len(key)} bytes, and {KEY_BYTES} are needed")
        return key

    def _derived(self, use: str) -> bytes:
        """Return a key for one use alone (HKDF-Expand of RFC 5869 over one block)."""
        return hmac.digest(self._key, f"keyonce {use} 1\x01".encode(), "sha256")


def _seal(key: bytes, content: bytes, use: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, use.encode())


def _open(key: bytes, sealed: bytes, use: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], use.encode())
    except (InvalidTag, ValueError):
        raise SetupError(WRONG) from None
