"""Which store a project uses; loaded when first used."""

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from rpa.errors import SetupError
from rpa.secrets.base import SecretStore

GROUP = "rpa.secrets"
"""Entry-point group in which a package offers a store: something that is called with a file's path."""

STORES = {
    "environment": "rpa.secrets.environment:Environment",
    "file": "rpa.secrets.file:File",
    "age": "rpa.secrets.age:Age",
    "systemd": "rpa.secrets.systemd:Systemd",
    "vault": "rpa.secrets.vault:Vault",
    "keyring": "rpa.secrets.keyring:Keyring",
}
"""The stores that come with Keyonce."""


class Chosen(Protocol):
    """What the settings say about secrets."""

    @property
    def store(self) -> str:
        """Name of the store."""
        ...

    @property
    def file(self) -> Path:
        """For a store in a file: its path, relative to the project's folder."""
        ...


class Settings(Protocol):
    """The part of the settings that is needed here."""

    @property
    def folder(self) -> Path:
        """The project's folder."""
        ...

    @property
    def secrets(self) -> Chosen:
        """What is said about secrets."""
        ...


def names() -> list[str]:
    """Return every store that the settings may name."""
    return [*STORES, *(found.name for found in entry_points(group=GROUP))]


def secret_store(settings: Settings) -> SecretStore:
    """Return the store that *settings* name; raise `SetupError` where there is none of that name."""
    store: SecretStore = _kind(settings.secrets.store)(settings.folder / settings.secrets.file)
    return store


def _kind(name: str) -> Any:
    if name in STORES:
        module, _, part = STORES[name].partition(":")
        return getattr(import_module(module), part)
    for found in entry_points(group=GROUP, name=name):
        return found.load()
    raise SetupError(f"no secret store is called {name}; known: {', '.join(names())}")
