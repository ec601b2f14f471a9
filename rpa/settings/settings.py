"""What this machine says: `rpa.toml` in the project's folder, then the environment (`RPA_...`), read once."""

import os
from pathlib import Path
from typing import Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rpa.errors import SetupError
from rpa.settings.audit import AuditSettings
from rpa.settings.base import Section
from rpa.settings.bucket import BucketName, bucket_of, refuse_open
from rpa.settings.console import ConsoleSettings
from rpa.settings.keeping import DatabaseRoles, PrivacySettings, RetentionSettings, SecretSettings
from rpa.settings.service import NoticeSettings, ServiceSettings
from rpa.settings.told import told
from rpa.url import Url

FILE = "rpa.toml"
_S = TypeVar("_S", bound="Settings")


class SystemSettings(Section):
    """What differs between machines about a system."""

    url: Url
    """Where it is reached from here, instead of the page map's own address."""


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
    documents: str | None = None
    """Where documents and evidence are kept: a folder, such as a share that all machines see, or a bucket of an
    S3-compatible store, `s3://BUCKET/PREFIX`; without it, in `state`."""
    documents_credential: str | None = None
    """The credential that opens the bucket: its user is the access key, its password the secret."""
    documents_endpoint: Url | None = None
    """Where the bucket is, as an address; without it, at Amazon."""
    documents_region: str = Field(default="us-east-1", pattern=r"^[a-z0-9-]+$")
    """The bucket's region."""
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

    @field_validator("documents_endpoint")
    @classmethod
    def _guarded(cls, url: str | None) -> str | None:
        if url is not None:
            refuse_open(url)
        return url

    @model_validator(mode="after")
    def _of_a_bucket(self) -> Self:
        if self.bucket is None and (self.documents_credential or self.documents_endpoint):
            raise ValueError(
                "documents_credential and documents_endpoint are for a bucket: documents = 's3://...'"
            )
        return self

    @model_validator(mode="after")
    def _shared(self) -> Self:
        if self.engine == "procrastinate" and self.database is None:
            raise ValueError(
                "engine: procrastinate needs the ledger on PostgreSQL: say `database`, see docs/scale.md"
            )
        return self

    @property
    def bucket(self) -> BucketName | None:
        """The bucket of `documents`; None where that is a folder."""
        return bucket_of(self.documents, self.documents_credential)

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
        return told(plain)

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
