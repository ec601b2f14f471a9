"""What the pages share: the project as its files stand now, the ledger, what was read, the runs under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from rpa.audit.entry import Actor
from rpa.console.bots_known import given_in
from rpa.console.codes import Waiting
from rpa.console.counted import Counted
from rpa.console.language import Language
from rpa.console.logout import Logouts
from rpa.console.messages import Messages, templates
from rpa.console.patience import Patience
from rpa.console.preview import Previews
from rpa.console.provider import Provider
from rpa.console.starting import Starter
from rpa.console.uploads import Uploads
from rpa.people import User
from rpa.project import Project
from rpa.store.store import Store

ACTOR = Actor(kind="trigger", id="console", name="rpa console")
"""Stands in the log where nobody is signed in yet."""

_Seen = frozenset[tuple[str, int, int]]


@dataclass
class House:
    """One project behind the console."""

    folder: Path
    store: Store
    patience: Patience = field(default_factory=Patience)
    previews: Previews = field(default_factory=Previews)
    waiting: Waiting = field(default_factory=Waiting)
    counted: Counted = field(default_factory=Counted)
    logouts: Logouts = field(default_factory=Logouts)
    starter: Starter = field(init=False)
    _lock: Lock = field(default_factory=Lock)
    _provider: Provider | None = None
    _project: tuple[_Seen, Project] | None = None
    _messages: tuple[Project, dict[str, Messages]] | None = None

    def __post_init__(self) -> None:
        self.starter = Starter(self.folder)

    @classmethod
    def open(cls, folder: Path) -> "House":
        """Open the project in *folder*; raise `SetupError` where there is none."""
        house = cls(folder, Project(folder).store(ACTOR))
        house.uploads.recover()
        house.uploads.sweep()
        return house

    @property
    def provider(self) -> Provider | None:
        """The identity provider that the settings name, if they name one."""
        project = self.project
        with self._lock:
            settings = project.settings.console.oidc
            if settings is None:
                return None
            if self._provider is None or self._provider.settings != settings:
                self._provider = Provider(settings, project.secrets)
            return self._provider

    @property
    def takes_passwords(self) -> bool:
        """Tell whether accounts of the console's own may sign in."""
        oidc = self.project.settings.console.oidc
        return oidc is None or oidc.local_accounts

    def admits(self, user: User) -> bool:
        """Tell whether the settings still let somebody in who came by their kind of account.

        Who has a role by a provider's groups is out once the settings give it to no group.
        """
        if user.issuer is None:
            return self.takes_passwords
        oidc = self.project.settings.console.oidc
        return oidc is not None and oidc.issuer == user.issuer and all(map(oidc.roles.get, user.roles))

    def lacks_factor(self, user: User) -> bool:
        """Tell whether the person needs a second factor, by a role of theirs, and has none yet.

        Of whom a provider has signed in, it has asked for what else it wants.
        """
        if user.issuer is not None:
            return False
        needed = user.roles.intersection(self.project.settings.console.second_factor)
        return bool(needed) and user.id not in self.store.second_factors.owners()

    @property
    def uploads(self) -> Uploads:
        """What staff have brought and not started yet."""
        return Uploads(self.project.settings.state_folder / "uploads")

    @property
    def project(self) -> Project:
        """The project, read anew when a definition has changed."""
        with self._lock:
            seen = frozenset(_files(self.folder))
            if self._project is None or self._project[0] != seen:
                self._project = (seen, Project(self.folder))
            return self._project[1]

    def messages(self, spoken: Language) -> Messages:
        """Return how a language says what the library and the bots' authors say."""
        project, code = self.project, spoken.code
        with self._lock:
            if self._messages is None or self._messages[0] is not project:
                self._messages = (project, {})
            kept = self._messages[1]
            if code not in kept:
                kept[code] = Messages(templates(code), given_in(project, code))
            return kept[code]


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """Give the house of the project in *folder*; its ledger is closed in the end. Raises `SetupError`."""
    house = House.open(folder)
    try:
        yield house
    finally:
        house.store.close()


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    paths = [folder / "rpa.toml", *(folder / "bots").rglob("*"), *(folder / "schedules").glob("*")]
    for path in [*paths, *(folder / "triggers").glob("*")]:
        if path.is_file():
            found = path.stat()
            yield str(path), found.st_mtime_ns, found.st_size
