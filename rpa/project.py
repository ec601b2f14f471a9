"""A project on this machine: its folder, settings, definitions, documents, secrets and ledger, put together."""

import hashlib
import json
import os
import pwd
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path

from rpa import clock, expressions
from rpa.approval import Approvals, approvals
from rpa.audit.entry import Actor
from rpa.audit.places import Place, places_of
from rpa.audit.signer import SocketSigner
from rpa.definitions.bot import Bot
from rpa.definitions.library import Library
from rpa.definitions.schedules import Schedules, load_schedules
from rpa.definitions.system import System
from rpa.definitions.triggers import Triggers, load_triggers
from rpa.definitions.vocabulary import Vocabulary
from rpa.documents import table as documents
from rpa.errors import SetupError
from rpa.fields import table as fields
from rpa.intake.by_forms import Forms
from rpa.intake.cut_outs import CutOuts
from rpa.intake.drafts import Drafts
from rpa.intake.papers import Papers
from rpa.keeping.base import Documents, Evidence, Keeping, Note
from rpa.keeping.bucket import AccessKey, Address, Bucket
from rpa.keeping.copies import Copies
from rpa.keeping.folder import Folder
from rpa.keeping.in_bucket import InBucket
from rpa.secrets.base import Credential, SecretStore
from rpa.secrets.table import secret_store
from rpa.settings.settings import FILE, Settings
from rpa.starts import files_of
from rpa.store.databases.postgresql import PostgresLedger, SignIn
from rpa.store.databases.roles import Roles
from rpa.store.databases.sqlite import SqliteFile
from rpa.store.moving.move import Copied
from rpa.store.opening import Where
from rpa.store.project_key import parsed
from rpa.store.store import Store

AT_THE_SHELL = "command-line"
"""The role of whoever acts at a terminal: all that the project's account may."""


FilesMark = tuple[tuple[str, int, int], ...]
"""The path, time and size of files."""


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
    def schedules(self) -> Schedules:
        """When bots run by themselves."""
        return load_schedules(self.settings.schedules_folder, self.library)

    @cached_property
    def triggers(self) -> Triggers:
        """What starts runs when it comes."""
        return load_triggers(self.settings.triggers_folder, self.library, self.schedules.defined)

    def starts(self, bot: str) -> dict[str, Path]:
        """Return the schedules and triggers that start the bot by themselves: by name, their files."""
        return files_of(bot, self.schedules, self.triggers)

    def unrun_starts(self, bot: str) -> dict[str, Path]:
        """Return the same, with no code of the project run."""
        schedules = load_schedules(self.settings.schedules_folder, self.unrun_library)
        triggers = load_triggers(self.settings.triggers_folder, self.unrun_library, schedules.defined)
        return files_of(bot, schedules, triggers)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the definitions may name that is not defined in YAML."""
        return Vocabulary(
            field_types=fields.names(),
            readers=documents.names(),
            reader_options=lambda name: documents.reader(name).options,
            actions=self._actions,
            expression_problem=expressions.problem,
        )

    def _actions(self) -> Collection[str]:
        from rpa.actions import custom  # brings the browser's library along

        path = self.settings.bots_folder / "actions.py"
        if self.settings.mode == "production":
            self.approvals.require_actions(path)
        custom.load_actions(path)
        return custom.names()

    @cached_property
    def unrun_library(self) -> Library:
        """The same, with no code of the project run: for whoever has to look at that code first."""
        from rpa.actions import custom

        path = self.settings.bots_folder / "actions.py"
        vocabulary = replace(self.vocabulary, actions=lambda: custom.names() | custom.declared(path))
        return Library.load(self.settings.bots_folder, vocabulary)

    @property
    def approvals(self) -> Approvals:
        """Who has approved which bot."""
        return approvals(self.settings.bots_folder, self.settings.approvers)

    @cached_property
    def secrets(self) -> SecretStore:
        """Where credentials come from."""
        return secret_store(self.settings)

    def files_mark(self) -> FilesMark:
        """Return what tells whether a file of the bots, or `rpa.toml`, has changed."""
        paths = [self.settings.folder / FILE, *sorted(self.settings.bots_folder.rglob("*"))]
        found = ((path, path.stat()) for path in paths if path.is_file())
        return tuple(
            (str(path), one.st_mtime_ns, one.st_size) for path, one in found if "__pycache__" not in path.parts
        )

    @cached_property
    def keeping(self) -> Keeping:
        """Where documents and evidence are kept, as this machine says."""
        settings = self.settings
        said = settings.bucket
        if said is None:
            return Folder(settings.folder / (settings.documents or settings.state))
        address = Address(said.bucket, said.prefix, settings.documents_endpoint, settings.documents_region)
        bucket = Bucket(address, partial(self._access_key, said.credential, address.origin))
        return InBucket(bucket, Copies(settings.state_folder / "fetched"))

    @property
    def files(self) -> Documents:
        """The documents that are kept."""
        return self.keeping.documents

    @property
    def evidence(self) -> Evidence:
        """The masked pictures that are kept."""
        return self.keeping.evidence

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

    def addresses(self, bot: str) -> str:
        """Return the SHA-256 of where the bot's systems are to be reached, as this machine says."""
        found = sorted({(entry.system, str(self.system(entry.system).url)) for entry in self.bot(bot).enter})
        return hashlib.sha256(json.dumps(found).encode()).hexdigest()

    def closed(self, systems: Collection[str]) -> list[str]:
        """Return those of the systems whose hours are over now."""
        now = clock.now()
        return [name for name in systems if self.system(name).opens(now) is not None]

    def credential(self, system: System) -> Credential | None:
        """Return what the system is signed in with, if it asks for anything."""
        if system.credential is None:
            return None
        found = self.secrets.get(system.credential)
        if self.settings.mode == "production" and not found.origins:
            raise SetupError(f"credential {found.name}: in production the secret store says its `origins`")
        return found

    def store(self, actor: Actor | None = None, on_behalf_of: Actor | None = None) -> Store:
        """Open the ledger; by default the person at this terminal acts, on nobody else's behalf."""
        actor = actor or person()
        folder = self.settings.state_folder
        return Store.open(folder, actor=actor, on_behalf_of=on_behalf_of, **self._ledger)

    def examined(self) -> Store:
        """Open the ledger only to verify it, whatever was done to it."""
        return Store.examine(self.settings.state_folder, actor=person(), **self._ledger)

    def migrate(self) -> str:
        """Make the ledger's tables, or bring them up to date, and give its roles their rights; return its name."""
        folder = self.settings.state_folder
        Store.migrate(folder, actor=person(), **self._ledger)
        return (self._database or SqliteFile(folder)).name

    def copy(self, told: Callable[[str, int], None]) -> Copied:
        """Move the ledger from its file into the `database`; *told* hears of each table and its rows."""
        if self._database is None:
            raise SetupError("say by `database` in rpa.toml where the ledger is to be moved to")
        return Store.copy(self.settings.state_folder, actor=person(), told=told, **self._ledger)

    @property
    def _ledger(self) -> Where:
        """Where the ledger is, what opens its records and who signs its log."""
        folder, socket, named = self.settings.state_folder, self.settings.audit.signer, self.settings.privacy.key
        signer = None if socket is None else SocketSigner(socket, folder)
        return {
            "signer": signer,
            "key": None if named is None else partial(self.key_in, named),
            "database": self._database,
            "shared": self._shared,
        }

    @property
    def _shared(self) -> Note | None:
        """Where all machines of a ledger in a database see its newest checkpoint, if this machine says where."""
        said = self.settings.database is not None and self.settings.documents is not None
        return self.keeping.checkpoint if said else None

    @property
    def _database(self) -> PostgresLedger | None:
        """The ledger's PostgreSQL, where this machine says one."""
        url, named = self.settings.database, self.settings.database_credential
        if url is None:
            return None
        said = self.settings.database_roles
        return PostgresLedger(
            url,
            self.settings.state_folder,
            None if named is None else partial(self._sign_in, named),
            None if said is None else Roles(said.owner, said.app, said.auditor),
            self.delivers,
        )

    @property
    def delivers(self) -> bool:
        """Whether work goes to workers of any machine, and not to those of the run alone."""
        return self.settings.engine == "procrastinate"

    @property
    def shared_ledger(self) -> PostgresLedger:
        """The ledger that several machines share; raise `SetupError` where work is not delivered between them."""
        found = self._database
        if found is None or not found.delivers:
            raise SetupError('work is not delivered between machines: set engine = "procrastinate" in rpa.toml')
        return found

    def _sign_in(self, name: str) -> SignIn:
        found = self.secrets.get(name)
        return SignIn(found.username, found.password)

    def _access_key(self, name: str, origin: str) -> AccessKey:
        found = self.secrets.get(name)
        found.refuse_outside(origin)
        return AccessKey(found.username, found.password)

    def key_in(self, name: str) -> bytes:
        """Return the project's key that is the password of a credential; raise `SetupError` where it is none."""
        return parsed(self.secrets.get(name).password, f"the credential {name}")

    @contextmanager
    def sealing(self) -> Iterator[Store]:
        """Open the ledger for what the person at this terminal does, and sign and publish that in the end.

        A run does so by itself; after one command no process goes on that would.
        """
        with self.store() as store:
            self.tell_settings(store)
            yield store
            if store.log.unsigned():
                store.log.checkpoint()
                store.log.publish(self.places)

    def tell_settings(self, store: Store) -> None:
        """Write into the log what has changed in the settings since somebody last worked with this ledger."""
        store.log.tell_settings({**self.settings.told(), "version": version("keyonce")})

    @property
    def places(self) -> Sequence[Place]:
        """Where the audit log's checkpoints are published."""
        return places_of(self.settings.audit, self.settings.folder)

    @property
    def cut_outs(self) -> CutOuts:
        """Pictures of what is unsure; erased with all that is made from documents."""
        return CutOuts(self.settings.state_folder / "shown", self.files)

    def forms(self) -> Forms:
        """Return what reads a file by whichever form it is."""
        library = self.library
        return Forms({name: library.form(name) for name in library.forms}, library.forms_folder)

    def drafts(self, bot: Bot, files: Documents | None = None) -> Drafts:
        """Return what reads the bot's documents and keeps them in *files*, by default for good."""
        return Drafts(self.papers(bot, files))

    def papers(self, bot: Bot, files: Documents | None = None) -> Papers:
        """Return the bot's documents, kept in *files*, by default for good."""
        named = {spec.form for spec in bot.documents.values() if spec.form is not None}
        forms = {name: self.library.form(name) for name in sorted(named)}
        return Papers(bot, self.folder, files or self.files, self.secrets, forms, self.library.forms_folder)


def person() -> Actor:
    """Return the person at this terminal, as the operating system knows them.

    Not by LOGNAME or USER: anyone can set those and decide under another name.
    """
    name = pwd.getpwuid(os.getuid()).pw_name
    return Actor(kind="person", id=name, name=name, role=AT_THE_SHELL)
