"""A project on this machine: its folder, settings, definitions, documents, secrets and ledger, put together."""

import os
import pwd
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.definitions.bot import Bot
from rpa.definitions.library import Library
from rpa.definitions.system import System
from rpa.definitions.vocabulary import Vocabulary
from rpa.documents import table as documents
from rpa.documents.files import Files
from rpa.errors import SetupError
from rpa.fields import table as fields
from rpa.intake.drafts import Drafts
from rpa.intake.papers import Papers
from rpa.rules import rule_problem
from rpa.secrets.base import Credential, SecretStore
from rpa.secrets.table import secret_store
from rpa.settings import Settings
from rpa.store.store import Store


@dataclass(frozen=True)
class Project:
    """Everything that a run needs, opened when first asked for."""

    folder: Path

    @cached_property
    def settings(self) -> Settings:
        """What this machine says; raise `SetupError` where the folder holds no project."""
        settings = Settings.load(self.folder)
        if not settings.bots_folder.is_dir():
            raise SetupError(f"{settings.folder} holds no project: give one by --project, or make one by rpa init")
        return settings

    @cached_property
    def library(self) -> Library:
        """The bots, the page maps and the forms."""
        return Library.load(self.settings.bots_folder, self.vocabulary)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the definitions may name that is not defined in YAML."""
        return Vocabulary(
            field_types=fields.names(),
            readers=documents.names(),
            reader_options=lambda name: documents.reader(name).options,
            actions=self._actions,
            rule_problem=rule_problem,
        )

    def _actions(self) -> Collection[str]:
        from rpa.actions import custom  # brings the browser's library along

        custom.load_actions(self.settings.bots_folder / "actions.py")
        return custom.names()

    @cached_property
    def secrets(self) -> SecretStore:
        """Where credentials come from."""
        return secret_store(self.settings)

    @cached_property
    def files(self) -> Files:
        """The documents that are kept."""
        return Files(self.settings.state_folder / "documents")

    @property
    def evidence_folder(self) -> Path:
        """Where masked pictures are kept, by their SHA-256."""
        return self.settings.state_folder / "evidence"

    def bot(self, name: str) -> Bot:
        """Return the bot, checked; raise `DefinitionError` with everything that is wrong with it."""
        return self.library.bot(name)

    def _known_systems(self) -> None:
        """Raise `SetupError` for an address of a system that is none: a typo would leave the real one in force."""
        for name in self.settings.systems:
            if name not in self.library.systems:
                known = ", ".join(self.library.systems) or "none"
                raise SetupError(f"rpa.toml or RPA_SYSTEMS__: no system is called {name}; known: {known}")

    def system(self, name: str) -> System:
        """Return the page map, at the address that this machine gives it."""
        self._known_systems()
        system = self.library.system(name)
        here = self.settings.systems.get(name)
        return system if here is None else system.model_copy(update={"url": here.url})

    def credential(self, system: System) -> Credential | None:
        """Return what the system is signed in with, if it asks for anything."""
        return None if system.credential is None else self.secrets.get(system.credential)

    def store(self, actor: Actor | None = None) -> Store:
        """Open the ledger; by default on behalf of the person at this terminal."""
        return Store.open(self.settings.state_folder, actor=actor or person())

    def drafts(self, bot: Bot) -> Drafts:
        """Return what reads the bot's documents."""
        named = {spec.form for spec in bot.documents.values() if spec.form is not None}
        forms = {name: self.library.form(name) for name in sorted(named)}
        return Drafts(Papers(bot, self.folder, self.files, self.secrets, forms, self.library.forms_folder))


def person() -> Actor:
    """Return the person at this terminal, as the operating system knows them.

    Not by LOGNAME or USER: anyone can set those and decide under another name.
    """
    name = pwd.getpwuid(os.getuid()).pw_name
    return Actor(kind="person", id=name, name=name)
