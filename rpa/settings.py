"""What this machine says: `rpa.toml` in the project's folder, then the environment (`RPA_...`), read once."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, IPvAnyAddress, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rpa.errors import SetupError
from rpa.people import Role
from rpa.url import Url

FILE = "rpa.toml"
_S = TypeVar("_S", bound="Settings")


class SystemSettings(BaseModel):
    """What differs between machines about a system."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url
    """Where it is reached from here, instead of the page map's own address."""


class DatabaseRoles(BaseModel):
    """The roles of the ledger's PostgreSQL, made by its administrator: which each does what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str
    """Owns the tables: makes and changes them by `rpa store migrate`, erases, prunes."""
    app: str
    """What workers, service and console sign in as."""
    auditor: str | None = None
    """Reads the audit log alone."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        names = [name for name in (self.owner, self.app, self.auditor) if name is not None]
        if len(set(names)) < len(names):
            raise ValueError("owner, app and auditor have to be different roles")
        return self


class SecretSettings(BaseModel):
    """Where credentials come from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: str = "environment"
    """`environment`, `file`, `age`, `systemd`, `vault`, `keyring`, or a store that a package adds."""
    file: Path = Path("credentials.toml")
    """For the stores `file`, `age` and `vault`: its path, relative to the project's folder."""


class PrivacySettings(BaseModel):
    """How personal values are kept and shown on this machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str | None = None
    """The credential whose password is the project's key; without it, `personal.key` beside the ledger is."""
    results: Literal["open", "masked"] = "open"
    """Whether result workbooks show personal values; masked, no copies of workbooks are made either."""


class RetentionSettings(BaseModel):
    """How long things are kept here, in days; what is not said is kept for ever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    authority: str = ""
    """The rule that says so, such as `GRS 3.2, item 030`; it is written into the log."""
    records: int | None = Field(default=None, ge=1)
    """Records, their documents and pictures, after nothing of their subject has moved for so long."""
    log: dict[str, Annotated[int, Field(ge=1)]] = {}
    """The content of entries of the audit log, by the first word of their event, such as `egress`."""


class ServiceSettings(BaseModel):
    """How `rpa serve` runs here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: int = Field(default=8731, ge=0, le=65535)
    """Where it answers on 127.0.0.1; 0 takes a free port."""
    hosts: list[str] = ["127.0.0.1", "localhost"]
    """The names under which programs may ask for it; a request for another one is refused."""
    runs: int = Field(default=2, ge=1, le=64)
    """How many runs may go on at once."""
    heartbeat: str | None = None
    """The credential whose password is a web address; it is asked for every minute while all goes well."""


class NoticeSettings(BaseModel):
    """Who is told what needs a person, and how often at most."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: dict[str, str] = {}
    """By whom a bot's `notify` names: the credential whose password is their address; `*` is for all others."""
    gather: float = Field(default=60, ge=0)
    """Seconds in which what comes is gathered into one notice."""
    again: float = Field(default=900, ge=0)
    """Seconds until the same person is told again."""


class WitnessSettings(BaseModel):
    """A witness that is shown the audit log's checkpoints."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url
    """Where it is reached."""
    key: str
    """Its public key, `name+id+key`, as it shows it when it starts."""


class TimestampSettings(BaseModel):
    """A timestamping authority that signs the audit log's checkpoints with its time (RFC 3161)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url
    """Where it is asked."""
    roots: Path
    """A file with the certificates by which it is believed (PEM)."""


class AuditSettings(BaseModel):
    """Who signs the audit log's checkpoints, and where they are published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signer: Path | None = None
    """The socket of `rpa signer`; without it, the key `audit.key` signs."""
    witnesses: tuple[WitnessSettings, ...] = ()
    """Witnesses that cosign each checkpoint."""
    timestamps: tuple[TimestampSettings, ...] = ()
    """Timestamping authorities that sign each checkpoint."""
    file: Path | None = None
    """A file that each checkpoint is added to."""
    syslog: bool = False
    """Whether each checkpoint is said to this machine's syslog or journal."""


class OidcSettings(BaseModel):
    """The organization's identity provider (OpenID Connect), by which staff sign in to the console."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])")
    """What the provider calls itself, letter by letter; its discovery document is found below it."""
    client_id: str
    """The name under which the console is registered there."""
    credential: str
    """The credential whose password is the client's secret."""
    name: str = "your organization"
    """What the button to sign in calls it."""
    scope: str = "openid profile"
    """What the provider is asked for; some give groups for a scope `groups` alone."""
    claim: str = "groups"
    """The claim that holds somebody's groups: its name, or the dotted way to it (`realm_access.roles`)."""
    roles: dict[Role, list[str]]
    """By role, the groups that have it. Whoever is in none of them does not come in."""
    local_accounts: bool = True
    """Whether accounts of the console's own may sign in too."""

    @field_validator("scope")
    @classmethod
    def _openid(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("has to hold openid: without it the provider does not say who somebody is")
        return scope


class IntakeWords(BaseModel):
    """What the office says of itself on the public page, in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    """What people bring, and to whom: `Send your claim to the county`."""
    contact: str
    """How people reach a person, with the hours."""
    last_four_of: str = ""
    """Of which number the last four are asked for: `your Social Security number`."""


class IntakeSettings(BaseModel):
    """The public page on which people bring a form by themselves; without this there is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trigger: str | None = None
    """The trigger on a folder that takes what is brought: it starts its bot by itself."""
    bot: str | None = None
    """Instead of a trigger, the bot that reads what is brought once somebody, or a schedule, starts it."""
    port: int = Field(default=8733, ge=0, le=65535)
    """Where it answers on 127.0.0.1; 0 takes a free port."""
    hosts: list[str] = ["127.0.0.1", "localhost"]
    """The names under which browsers may ask for it."""
    fact: Literal["birth_date", "last_four"] = "birth_date"
    """What people say beside the number to ask how their form stands; they say it when they bring the form."""
    words: dict[str, IntakeWords] = Field(min_length=1)
    """What the office says of itself, by language; the page speaks these languages."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.trigger is None) == (self.bot is None):
            raise ValueError("name either a trigger, which starts its bot, or a bot")
        if not self.words.keys() <= {"en", "es"}:
            raise ValueError("words are said in the languages en and es")
        if self.fact == "last_four" and not all(one.last_four_of for one in self.words.values()):
            raise ValueError("say in each language by last_four_of what the last four are of")
        return self


class ConsoleSettings(BaseModel):
    """How the console is reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: int = Field(default=8732, ge=0, le=65535)
    """Where it answers on 127.0.0.1; 0 takes a free port."""
    hosts: list[str] = ["127.0.0.1", "localhost"]
    """The names under which browsers may ask for it; a request for another one is refused."""
    proxy: IPvAnyAddress | None = None
    """From where the proxy before it asks, such as `127.0.0.1`: its `X-Forwarded-For` alone is believed."""
    second_factor: list[Role] = []
    """The roles that need a second factor: whoever has one of them sets it up before anything else."""
    oidc: OidcSettings | None = None
    """The identity provider by which staff sign in."""
    intake: IntakeSettings | None = None
    """The public page, on a port of its own."""


class Settings(BaseSettings):
    """The settings of one project on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="RPA_", env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=FILE
    )

    folder: Path = Path()
    """The project's folder; every other path is relative to it."""
    state: Path = Path(".rpa")
    """Where the ledger, documents and evidence are kept."""
    database: str | None = Field(default=None, pattern=r"^postgresql://")
    """The ledger's PostgreSQL, `postgresql://USER@HOST/DATABASE`; without it, the ledger is a file of `state`."""
    database_credential: str | None = None
    """The credential that opens it; without one, the user signs in by a certificate, a socket or `.pgpass`."""
    database_roles: DatabaseRoles | None = None
    """Its roles; without them, whoever opens it owns its tables."""
    engine: Literal["local", "procrastinate"] = "local"
    """Whether a run has workers of its own, or `rpa worker` takes the work from a queue, on any machine."""
    missing: float = Field(default=4, ge=2, le=60)
    """Seconds without a sign of life after which what was delivered to a worker is delivered to another one."""
    documents: Path | None = None
    """Where documents and evidence are kept, such as a share that all machines see; without it, in `state`."""
    mode: Literal["development", "production"] = "development"
    """In production only approved bots run, not as root, and credentials are kept well."""
    approvers: tuple[str, ...] = ()
    """The public keys of those who may approve bots, as `rpa approve` shows them."""
    secrets: SecretSettings = SecretSettings()
    """Where credentials come from."""
    privacy: PrivacySettings = PrivacySettings()
    """How personal values are kept and shown."""
    retention: RetentionSettings = RetentionSettings()
    """How long things are kept."""
    notices: NoticeSettings = NoticeSettings()
    """Who is told what needs a person."""
    service: ServiceSettings = ServiceSettings()
    """How `rpa serve` runs here."""
    console: ConsoleSettings = ConsoleSettings()
    """How the console is reached."""
    systems: dict[str, SystemSettings] = {}
    """What differs here about a system, by its name."""
    audit: AuditSettings = AuditSettings()
    """Who signs the audit log, and who is shown its checkpoints."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `rpa.toml` in *folder* (which need not have one) and the environment.

        Raises `SetupError` where a setting is not one, in words.
        """
        folder = folder.resolve()
        try:
            return _in(cls, folder)(folder=folder)
        except (ValidationError, ValueError) as error:
            raise SetupError(f"{folder / FILE}: {_told(error)}") from None

    @field_validator("database")
    @classmethod
    def _no_password(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).password or "password=" in url):
            raise ValueError("holds a password: put it into the secret store and name it by database_credential")
        return url

    @model_validator(mode="after")
    def _roles_of_a_database(self) -> Self:
        if self.database_roles is not None and self.database is None:
            raise ValueError("[database_roles] needs `database`: a ledger in a file has no roles")
        return self

    @model_validator(mode="after")
    def _shared(self) -> Self:
        if self.engine == "procrastinate" and self.database is None:
            raise ValueError(
                "engine: procrastinate needs the ledger on PostgreSQL: say `database`, see docs/scale.md"
            )
        return self

    @property
    def documents_folder(self) -> Path:
        """The full path of where documents and evidence are kept."""
        return self.folder / (self.documents or self.state)

    @property
    def state_folder(self) -> Path:
        """The state folder's full path."""
        return self.folder / self.state

    @property
    def bots_folder(self) -> Path:
        """Where bots, page maps and actions are."""
        return self.folder / "bots"

    @property
    def schedules_folder(self) -> Path:
        """Where the schedules are."""
        return self.folder / "schedules"

    @property
    def triggers_folder(self) -> Path:
        """Where the triggers are."""
        return self.folder / "triggers"

    def told(self) -> dict[str, str]:
        """Return every setting as the audit log tells it, by its name in `rpa.toml`; of addresses no password."""
        plain = self.model_dump(mode="json", exclude={"folder"})
        plain["browser"] = os.environ.get("RPA_BROWSER", "")
        return {name: _spelled(value) for name, value in _flat(plain) if value not in (None, "", [], {})}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def _in(cls: type[_S], folder: Path) -> type[_S]:
    """Return *cls* reading the file of *folder*."""
    return type(cls.__name__, (cls,), {"model_config": {**cls.model_config, "toml_file": folder / FILE}})


def _told(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())


def _flat(settings: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each setting under its dotted name."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _spelled(value: Any) -> str:
    plain = _without_password(value)
    return plain if isinstance(plain, str) else json.dumps(plain)


def _without_password(value: Any) -> Any:
    """Return the value; of an address in it only where it leads, since its other parts may let somebody in."""
    if isinstance(value, Mapping):
        return {name: _without_password(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_password(one) for one in value]
    if isinstance(value, str) and "://" in value:
        parts = urlsplit(value)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return value
