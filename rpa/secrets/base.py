"""The contract of a secret store, and what it returns."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rpa.errors import SetupError


@dataclass(frozen=True)
class Credential:
    """What opens a system or a document. Its `repr` shows the name alone; a document's has no *username*.

    *origins* are where it may be typed, such as `https://meridian.example`: its owner says so in the secret
    store, and nobody who writes bots and page maps can widen it. Without any, it is its system's own address.
    """

    name: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    origins: tuple[str, ...] = field(default=(), repr=False)

    def refuse_outside(self, place: str) -> None:
        """Raise `SetupError` where its owner allows it at other places than *place*, such as `imap://mail:993`."""
        if self.origins and place.casefold() not in map(str.casefold, self.origins):
            raise SetupError(f"the credential {self.name} may not be used at {place}: its owner allows others")


class NoCredential(SetupError):
    """The secret store does not hold this credential."""


class SecretStore(Protocol):
    """Where credentials are kept. Definitions hold names, never values."""

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential`, saying how to add it, or another `SetupError`."""
        ...


def credential(name: str, entry: Mapping[str, Any], where: str) -> Credential:
    """Return the credential that *entry* holds: password, and where needed username and origins.

    Raises `NoCredential` that names *where* it stands, and never what.
    """
    username, password, origins = entry.get("username", ""), entry.get("password"), entry.get("origins", [])
    texts = isinstance(username, str) and isinstance(password, str)
    if not texts or not password:
        raise NoCredential(f"credential {name}: {where} needs a username and a password, both in quotes")
    if not isinstance(origins, list) or not all(isinstance(one, str) for one in origins):
        raise NoCredential(f"credential {name}: {where}: origins is a list of addresses, each in quotes")
    return Credential(name, username, password, tuple(origins))


def table(text: str) -> dict[str, Any]:
    """Return the TOML *text*, or the inline table on its one line; raise ValueError where it is neither.

    The error says only where the mistake stands: the parser's own words may quote a secret.
    """
    inline = text.lstrip().startswith("{")
    try:
        found = tomllib.loads(f"credential = {text.strip()}" if inline else text)
    except tomllib.TOMLDecodeError as error:
        _, at, place = str(error).rpartition("(at ")
        raise ValueError(f"is not TOML at {place.rstrip(')')}" if at else "is not TOML") from None
    entry = found["credential"] if inline else found
    return entry if isinstance(entry, dict) else {}
