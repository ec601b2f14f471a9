"""How what is kept is kept: by whom, how openly, how long."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rpa.settings.base import Section


class DatabaseRoles(Section):
    """The roles of the ledger's PostgreSQL, made by its administrator: which each does what."""

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


class SecretSettings(Section):
    """Where credentials come from."""

    store: str = "environment"
    """`environment`, `file`, `age`, `systemd`, `vault`, `keyring`, or a store that a package adds."""
    file: Path = Path("credentials.toml")
    """For the stores `file`, `age` and `vault`: its path, relative to the project's folder."""


class PrivacySettings(Section):
    """How personal values are kept and shown on this machine."""

    key: str | None = None
    """The credential whose password is the project's key; without it, `personal.key` beside the ledger is."""
    results: Literal["open", "masked"] = "open"
    """Whether result workbooks show personal values; masked, no copies of workbooks are made either."""


class RetentionSettings(Section):
    """How long things are kept here, in days; what is not said is kept for ever."""

    authority: str = ""
    """The rule that says so, such as `GRS 3.2, item 030`; it is written into the log."""
    records: int | None = Field(default=None, ge=1)
    """Records, their documents and pictures, after nothing of their subject has moved for so long."""
    log: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """The content of entries of the audit log, by the first word of their event, such as `egress`."""
