"""Files that a program uploads: taken once for each idempotency key, however often they are sent."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rpa.definitions.trigger import WebSource
from rpa.documents.names import plain_name
from rpa.errors import BusinessException
from rpa.occurrence import Occurrence
from rpa.secrets.base import SecretStore
from rpa.triggers.arrivals import Arrivals, free_name

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
"""What an idempotency key looks like."""


class OtherContent(BusinessException):
    """This idempotency key came before with other files; nothing of this upload was taken."""


@dataclass(frozen=True)
class Upload:
    """Takes what is uploaded for one trigger."""

    source: WebSource
    arrivals: Arrivals
    secrets: SecretStore

    def knows(self, token: str) -> bool:
        """Tell whether this is the token that callers bring."""
        right = self.secrets.get(self.source.credential).password
        return hmac.compare_digest(token.encode(), right.encode())

    def take(self, key: str, files: Sequence[tuple[str, bytes]]) -> tuple[Occurrence, bool]:
        """Take the files (names and contents); return the occurrence, and whether it is new.

        Raises `BusinessException` for a key or files that can't be used, `OtherContent` for a known key.
        """
        taken = [(plain_name(name, "file"), content) for name, content in files]
        if not KEY.fullmatch(key):
            raise BusinessException(
                "an idempotency key is 1 to 100 letters, digits and . _ : -, and begins with one of the first two"
            )
        if not taken or not all(self.arrivals.trigger.takes(name) for name, _ in taken):
            raise BusinessException(f"each file must fit `{self.arrivals.trigger.files}`, and one is needed")
        nominal = f"{key}~{_digest(taken)}"
        with self.arrivals.lock:
            self._refuse_other(key, nominal)
            is_new = self.arrivals.publish(nominal, lambda to: _write(taken, to))
        return self.arrivals.store.occurrences.newest(self.arrivals.trigger.trigger, nominal)[0], is_new

    def _refuse_other(self, key: str, nominal: str) -> None:
        name = self.arrivals.trigger.trigger
        for other in self.arrivals.store.occurrences.like(name, f"{key}~"):
            if other.nominal != nominal:
                raise OtherContent


def _digest(files: Sequence[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


def _write(files: Sequence[tuple[str, bytes]], to: Path) -> None:
    for name, content in files:
        free_name(to, name).write_bytes(content)
