"""The contract of a secret store, and what it returns."""

from dataclasses import dataclass, field
from typing import Protocol

from rpa.errors import SetupError


@dataclass(frozen=True)
class Credential:
    """What opens a system or a document. Its `repr` shows the name alone; a document's has no *username*."""

    name: str
    username: str = field(repr=False)
    password: str = field(repr=False)


class NoCredential(SetupError):
    """The secret store does not hold this credential."""


class SecretStore(Protocol):
    """Where credentials are kept. Definitions hold names, never values."""

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential`, saying how to add it, or another `SetupError`."""
        ...
