"""What this machine says: `rpa.toml` in the project's folder, then the environment (`RPA_...`), read once."""

from pathlib import Path
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rpa.errors import SetupError

FILE = "rpa.toml"
_S = TypeVar("_S", bound="Settings")


class SystemSettings(BaseModel):
    """What differs between machines about a system."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://")
    """Where it is reached from here, instead of the page map's own address."""


class SecretSettings(BaseModel):
    """Where credentials come from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: str = "environment"
    """`environment`, `file`, or a store that a package adds."""
    file: Path = Path("credentials.toml")
    """For the store `file`: its path, relative to the project's folder."""


class Settings(BaseSettings):
    """The settings of one project on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="RPA_", env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=FILE
    )

    folder: Path = Path()
    """The project's folder; every other path is relative to it."""
    state: Path = Path(".rpa")
    """Where the ledger, documents and evidence are kept."""
    secrets: SecretSettings = SecretSettings()
    """Where credentials come from."""
    systems: dict[str, SystemSettings] = {}
    """What differs here about a system, by its name."""

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

    @property
    def state_folder(self) -> Path:
        """The state folder's full path."""
        return self.folder / self.state

    @property
    def bots_folder(self) -> Path:
        """Where bots, page maps and actions are."""
        return self.folder / "bots"

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
